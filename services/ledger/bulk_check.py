"""
Compare whole stretches of entries at once; what does not fit is left to `leaf_check`.

Nothing here says what is wrong, only where entries have to be looked at singly. So it
may doubt too much and must never doubt too little.

Each text is hashed here. Then the leaves of a stretch are cut at commas: as no text of
an honest leaf needs one, each member's pieces are every fourteenth. One in a line, they
have to be the column beside it, name by name. Neither side can have more lines than
leaves: those were cut apart at line ends, and a column with a line end in it has more
lines than there are entries. So equal texts are equal line by line, and the bytes of
each value are those of its column. That makes them the same value unless there is a
backslash, which stands for something else in a leaf: then they are doubted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from services.ledger.bulk_read import (
    END,
    LAST,
    LINE,
    MEMBERS,
    STARTS,
    Bulk,
    joined,
    read_bulks,
)
from services.ledger.entry import EntryNotCanonical
from services.ledger.leaf_check import Details, digest_fits
from services.ledger.runs import Run, runs_of
from services.ledger.shelf import pack_ids
from services.ledger.tree import HASH_BYTES, LEAF_PREFIX

AT_ONCE = 128  # leaves: what is compared together fits into a processor's cache
CUT = b","
# What the pieces of a leaf hold, in the order of RFC 8785.
NAMES = (
    *("actor", "kind", "role", "at", "basis", "case", "code", "details", "exchange"),
    *("office", "outcome", "purpose", "subject", "type"),
)
ENDS = {"kind": b'"', "role": b'"}', "basis": b'"', "purpose": b'"'}
NO_DETAILS = b'"details":""'
DIGEST = slice(len(NO_DETAILS) - 1, -1)
AT_BYTES = len('"at":"2026-01-01T00:00:00.000000Z"')
DIGITS_LESS_ONE = 5
UTC = b'+00"'


def doubtful(
    ids: Sequence[int], hashes: bytes, details: Mapping[int, Details]
) -> Iterator[range]:
    """
    Yield where, among these leaves of the tree, entries have to be looked at singly.

    :param hashes: those under which they stand in the tree.
    :param details: all that there are of these entries.
    """
    start = 0
    for count, stored in _gathered([*runs_of(ids, most=AT_ONCE)]):
        here = range(start, start + count)
        start = here.stop
        part = ids[here.start : here.stop]
        if not (
            stored
            and stored.ids == pack_ids(part)
            and stored.hashes == hashes[here.start * HASH_BYTES : start * HASH_BYTES]
            and _texts_give_hashes(stored)
            and _columns_stand_in(stored, part, details)
        ):
            yield here


def _gathered(runs: Sequence[Run]) -> Iterator[tuple[int, Bulk | None]]:
    """Put short runs together: each comparison has a price of its own."""
    count, bulks = 0, list[Bulk | None]()
    for run, bulk in zip(runs, read_bulks(runs), strict=True):
        count += run.length
        bulks.append(bulk)
        if count >= AT_ONCE:
            yield count, joined(bulks)
            count, bulks = 0, []
    if bulks:
        yield count, joined(bulks)


def _texts_give_hashes(stored: Bulk) -> bool:
    leaves = stored.leaf.split(LINE)
    digests = [sha256(LEAF_PREFIX + leaf).digest() for leaf in leaves]
    return b"".join(digests) == stored.hashes


def _columns_stand_in(
    stored: Bulk, ids: Sequence[int], details: Mapping[int, Details]
) -> bool:
    """Tell whether leaves whose hashes are right have the columns beside them."""
    leaves = stored.leaf.split(CUT)
    if leaves.pop() != LAST:
        return False
    # How many there are need not be counted: first and last member have a column each.
    pieces = {name: leaves[at :: len(NAMES)] for at, name in enumerate(NAMES)}
    return (
        b"".join(pieces["actor"]) == _texts(stored, "actor")
        and all(LINE.join(pieces[name]) == _texts(stored, name) for name in MEMBERS)
        and all(_are_named(name, pieces[name]) for name in ENDS)
        and _times(pieces["at"]) == STARTS["at"] + stored.at.replace(b" ", b"T") + END
        and _details_stand(pieces["details"], ids, details)
    )


def _texts(stored: Bulk, name: str) -> bytes | None:
    """Return a column as leaves have it, if nothing in it had to be escaped."""
    column: bytes = getattr(stored, name)
    return None if b"\\" in column else STARTS[name] + column + END


def _are_named(name: str, pieces: Sequence[bytes]) -> bool:
    start, end = f'"{name}":"'.encode(), ENDS[name]
    alike = pieces.count(pieces[0]) == len(pieces)  # quicker than a set, and usual
    some = pieces[:1] if alike else {*pieces}
    return all(
        piece.startswith(start) and piece.endswith(end, len(start)) for piece in some
    )


def _times(pieces: Sequence[bytes]) -> bytes:
    """
    Return times as the server writes them: without zeros that say nothing.

    Only one text of this length becomes one time of the server's: if it has a
    fraction, zeros up to six digits are missing, and if it has none, all of it.
    """
    lines = LINE.join(pieces)
    ends = (lines + LINE)[AT_BYTES :: AT_BYTES + 1]
    if ends != LINE * len(pieces) or b"+" in lines:
        return b""
    lines = lines.replace(b'.000000Z"', UTC)
    if b"Z" in lines:
        for _ in range(DIGITS_LESS_ONE):
            lines = lines.replace(b'0Z"', b'Z"')
    return lines.replace(b'Z"', UTC)


def _details_stand(
    pieces: Sequence[bytes], ids: Sequence[int], details: Mapping[int, Details]
) -> bool:
    if not details:
        return pieces.count(NO_DETAILS) == len(pieces)
    for pk, piece in zip(ids, pieces, strict=True):
        known, digest = details.get(pk), piece[DIGEST]
        if piece != NO_DETAILS[: DIGEST.start] + digest + END:
            return False
        if bool(digest) != bool(known) or (known and not _fits(known, digest)):
            return False
    return True


def _fits(details: Details, digest: bytes) -> bool:
    try:
        return digest_fits(details, digest.decode())
    except (EntryNotCanonical, ValueError):
        return False
