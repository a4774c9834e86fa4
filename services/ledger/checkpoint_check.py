"""Compare what was signed, and what the witness holds, with the tree."""

from __future__ import annotations

from collections.abc import Iterator

from services.ledger import note
from services.ledger.models import Checkpoint, TreeHead
from services.ledger.signing import LogKeyUnusable, log_signer
from services.ledger.tree import EMPTY_ROOT
from services.ledger.witness import WitnessDamaged, log_witness


def false_checkpoints() -> Iterator[str]:
    """Yield what is wrong with checkpoints; the tree itself was derived before."""
    try:
        key = log_signer().key
        newest = log_witness().newest()
    except (LogKeyUnusable, WitnessDamaged, OSError) as problem:
        yield f"checkpoints cannot be compared: {problem}"
        return
    for signed in Checkpoint.objects.order_by("size").iterator():
        yield from _faults(signed.note, key, signed.size)
    if newest:
        yield from _faults(newest, key, None)


def _faults(text: str, key: note.VerifierKey, size: int | None) -> Iterator[str]:
    whose = "the witness's checkpoint" if size is None else f"checkpoint {size}"
    try:
        stated = note.parse_checkpoint(note.open_note(text, [key]).text)
    except note.NoteRefused as problem:
        yield f"{whose}: {problem}"
        return
    root = _root_over(stated.size)
    if size is not None and stated.size != size:
        yield f"{whose} states a size of {stated.size}"
    elif stated.origin != key.name:
        yield f"{whose} is of the log {stated.origin}"
    elif root is None:
        yield f"{whose} covers {stated.size} entries; the log has no such head"
    elif root != stated.root:
        yield f"{whose} states another root over {stated.size} entries"


def _root_over(size: int) -> bytes | None:
    if size == 0:
        return EMPTY_ROOT
    head = TreeHead.objects.filter(size=size).first()
    return bytes(head.root) if head else None
