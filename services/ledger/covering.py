"""What the newest checkpoint covers, and the proofs of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from services.common.errors import DomainError
from services.ledger import note
from services.ledger.models import (
    Bundle,
    Checkpoint,
    FirstId,
    LogEntry,
)
from services.ledger.pending import pending_between
from services.ledger.proofs import (
    Range,
    consistency_ranges,
    inclusion_ranges,
    range_hash,
)
from services.ledger.shelf import ID_BYTES, hashes_of
from services.ledger.tiles import node_in

AT_FIRST = 1  # bundle; entries that were committed late may need some more
MORE = 8
HIGHEST_ID = 2**63 - 1
MOST_AT_ONCE = 512


class NotCovered(DomainError):
    """No checkpoint covers a tree of this size."""

    code = "log_not_covered"


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Where an entry stands, and how its hash leads to a signed root."""

    index: int
    size: int
    hashes: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        """Return it as a C2SP .tlog-proof."""
        return str(note.Proof(self.index, self.hashes, self.note))


def newest_checkpoint() -> Checkpoint | None:
    """Return the newest signed tree head, if any was signed yet."""
    return Checkpoint.objects.order_by("-size").first()


def proof_of_entry(entry_id: int, *, first: bool = False) -> EntryProof | None:
    """
    Return the proof of an entry, or None while no checkpoint covers it.

    :param first: prove it against the first checkpoint that covers it, which stays the
        same, instead of the newest.
    """
    index = place_of(entry_id)
    if index is None:
        return None
    covering = Checkpoint.objects.filter(size__gt=index)
    signed = covering.order_by("size" if first else "-size").first()
    if signed is None:
        return None
    ranges = inclusion_ranges(index=index, size=signed.size)
    return EntryProof(index, signed.size, _hashes(ranges, signed.size), signed.note)


def consistency_proof(old: int, size: int) -> tuple[bytes, ...]:
    """
    Return the proof that the tree of `size` is the one of `old`, grown.

    :raises NotCovered: unless 0 <= old <= size <= the newest checkpoint's.
    """
    signed = newest_checkpoint()
    if not 0 <= old <= size <= (signed.size if signed else 0):
        raise NotCovered(f"{old} to {size}")
    return _hashes(consistency_ranges(old=old, size=size), size)


def place_of(entry_id: int) -> int | None:
    """Return an entry's index in the tree, or None while it has none."""
    if not 0 < entry_id <= HIGHEST_ID:
        return None
    if pending_between(entry_id, entry_id):
        return None
    wanted = entry_id.to_bytes(ID_BYTES, "big")
    for tried, (start, packed) in enumerate(_bundles_around(wanted)):
        if tried == AT_FIRST and not LogEntry.objects.filter(pk=entry_id).exists():
            return None  # what is not there is not looked for everywhere
        for offset in range(0, len(packed), ID_BYTES):
            if packed[offset : offset + ID_BYTES] == wanted:
                return start + offset // ID_BYTES
    return None


def _bundles_around(wanted: bytes) -> Iterator[tuple[int, bytes]]:
    """
    Yield the bundles in which an id may stand, the likeliest first.

    Ids rise within a bundle, so it begins with one not above it; nearly always with
    the highest such. Only a bundle with entries that came late can stand between.
    """
    begin_before = Bundle.objects.annotate(first=FirstId("entry_ids")).filter(
        first__lte=wanted
    )
    rows = begin_before.order_by("-first").values_list("start", "entry_ids")
    seen, step = 0, AT_FIRST
    while page := list(rows[seen : seen + step]):
        yield from ((start, bytes(packed)) for start, packed in page)
        seen, step = seen + step, min(step * MORE, MOST_AT_ONCE)


def _hashes(ranges: list[Range], size: int) -> tuple[bytes, ...]:
    node_at = node_in(size, cache(hashes_of))
    return tuple(range_hash(each, node_at) for each in ranges)
