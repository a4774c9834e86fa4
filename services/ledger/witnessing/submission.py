"""What a log sends to a witness: an old size, a proof, a checkpoint. Pure."""

from __future__ import annotations

from typing import NamedTuple

from services.ledger.note import (
    NUMBER,
    Checkpoint,
    NoteRefused,
    decode,
    encode,
    parse_checkpoint,
    parse_note,
)
from services.ledger.tree import HASH_BYTES

OLD = "old "
MOST_HASHES = 63
LARGEST_SIZE = 2**63 - 1  # what a signed 64 bit integer holds


class Submission(NamedTuple):
    """A checkpoint, as it came, and the way to it from the one of the old size."""

    old: int
    proof: tuple[bytes, ...]
    note: str
    head: Checkpoint

    def __str__(self) -> str:
        return written(self.old, self.proof, self.note)


def written(old: int, proof: tuple[bytes, ...], note: str) -> str:
    """Return the body of a request to add a checkpoint."""
    lines = [f"{OLD}{old}", *map(encode, proof)]
    return "".join(f"{line}\n" for line in lines) + f"\n{note}"


def parse_submission(body: bytes) -> Submission:
    """
    Return what a body states, unchecked.

    :raises NoteRefused: if it has another form; the message says where.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NoteRefused("the request is no text") from None
    above, blank, note = text.partition("\n\n")
    first, *lines = above.split("\n")
    number = first.removeprefix(OLD)
    if not (blank and first.startswith(OLD) and NUMBER.fullmatch(number)):
        raise NoteRefused("the request does not begin with an old size and a proof")
    if len(lines) > MOST_HASHES:
        raise NoteRefused(f"the proof has {len(lines)} lines, more than {MOST_HASHES}")
    proof = tuple(decode(line, "a hash of the proof") for line in lines)
    if any(len(each) != HASH_BYTES for each in proof):
        raise NoteRefused("a hash of the proof does not have 32 bytes")
    head = parse_checkpoint(parse_note(note).text)
    if max(int(number), head.size) > LARGEST_SIZE:
        raise NoteRefused("no tree is as large")
    return Submission(int(number), proof, note, head)
