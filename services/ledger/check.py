"""
Re-derive the whole log from what is stored and name what differs.

It may run while entries are written and sequenced: it checks the tree up to the head
that it finds first. Memory is bounded: a chunk of leaves, and one bit for each entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, QuerySet

from services.common import triggers
from services.ledger.checkpoint_check import false_checkpoints
from services.ledger.leaf_check import false_pseudonyms, first_fault
from services.ledger.models import (
    Bundle,
    EntryDetails,
    LogEntry,
    PendingEntry,
    TreeHead,
    TreeNode,
)
from services.ledger.tree import EMPTY_ROOT, HASH_BYTES, Frontier, Node, split_hashes

ID_BYTES = 8
BUNDLES_AT_ONCE = 32
BUNDLE = 256
ROWS_AT_ONCE = 4_096


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was written; `index` is a leaf's place, if known."""

    what: str
    index: int | None = None

    def __str__(self) -> str:
        return self.what if self.index is None else f"index {self.index}: {self.what}"


@dataclass(frozen=True)
class Verdict:
    """What a check found: nothing, if the log is as it was written."""

    size: int
    root: str
    differences: tuple[Difference, ...]


class ChainBreaks(Exception):
    """The tree cannot be followed any further."""

    def __init__(self, what: str, index: int) -> None:
        super().__init__(what)
        self.difference = Difference(what, index)


@dataclass
class Placed:
    """Which entries stand in the tree: one bit each."""

    newest: int
    bits: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.bits = bytearray(self.newest // 8 + 1)

    def add(self, pk: int, index: int) -> None:
        if not 0 < pk <= self.newest:
            raise ChainBreaks(f"entry {pk}: it is gone", index)
        if pk in self:
            raise ChainBreaks(f"entry {pk}: it stands in the tree twice", index)
        self.bits[pk >> 3] |= 1 << (pk & 7)

    def __contains__(self, pk: int) -> bool:
        return 0 < pk <= self.newest and bool(self.bits[pk >> 3] & 1 << (pk & 7))


def check_log() -> Verdict:
    """Check leaves, columns, details, bundles, roots, pending rows and triggers."""
    head = TreeHead.objects.order_by("-size").first()
    newest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    placed = Placed(newest)
    size = head.size if head else 0
    differences = list(_missing_triggers())
    try:
        _follow_tree(size, placed)
    except ChainBreaks as broken:
        differences.append(broken.difference)
    else:
        differences += _outside_the_tree(placed)
        differences += map(Difference, false_checkpoints())
    differences += [
        Difference(f"the pseudonym of {clear} is false") for clear in false_pseudonyms()
    ]
    root = bytes(head.root) if head else EMPTY_ROOT
    return Verdict(size, root.hex(), tuple(differences))


def _follow_tree(size: int, placed: Placed) -> None:
    """
    Re-derive the tree bundle by bundle.

    :raises ChainBreaks: at the first leaf or head that differs.
    """
    frontier = Frontier()
    while frontier.size < size:
        rows = Bundle.objects.filter(start__gte=frontier.size, start__lt=size)
        bundles = list(rows.order_by("start")[:BUNDLES_AT_ONCE])
        if not bundles:
            raise ChainBreaks("the bundle is missing", frontier.size)
        frontier = _follow_bundles(bundles, frontier, placed)
    if frontier.size != size:
        raise ChainBreaks("a bundle reaches beyond the newest head", size)


def _follow_bundles(
    bundles: Sequence[Bundle], frontier: Frontier, placed: Placed
) -> Frontier:
    parts: list[list[tuple[int, bytes]]] = []
    index = frontier.size
    for bundle in bundles:
        parts.append(_leaves_of(bundle, index))
        for pk, _ in parts[-1]:
            placed.add(pk, index)
            index += 1
    _compare_entries([leaf for part in parts for leaf in part], frontier.size)
    return _compare_heads(parts, frontier)


def _leaves_of(bundle: Bundle, index: int) -> list[tuple[int, bytes]]:
    if bundle.start != index:
        raise ChainBreaks(f"the next bundle starts at {bundle.start}", index)
    ids, hashes = bytes(bundle.entry_ids), bytes(bundle.hashes)
    if len(ids) != bundle.count * ID_BYTES or len(hashes) != bundle.count * HASH_BYTES:
        raise ChainBreaks("the bundle's lengths do not fit its count", index)
    if not 0 < bundle.count <= BUNDLE - index % BUNDLE:
        raise ChainBreaks(f"a bundle of {bundle.count} leaves cannot be here", index)
    pks = [
        int.from_bytes(ids[at : at + ID_BYTES], "big")
        for at in range(0, len(ids), ID_BYTES)
    ]
    return list(zip(pks, split_hashes(hashes), strict=True))


def _compare_entries(leaves: Sequence[tuple[int, bytes]], first: int) -> None:
    fault = first_fault(leaves)
    if fault:
        offset = [pk for pk, _ in leaves].index(fault.entry_id)
        raise ChainBreaks(f"entry {fault.entry_id}: {fault.what}", first + offset)


def _compare_heads(
    parts: Sequence[Sequence[tuple[int, bytes]]], frontier: Frontier
) -> Frontier:
    """Append bundles; the roots of all heads on the way have to come out."""
    end = frontier.size + sum(len(part) for part in parts)
    rows = TreeHead.objects.filter(size__gt=frontier.size, size__lte=end)
    heads = {head.size: head for head in rows}
    sure = frontier.size
    for part in parts:
        frontier, nodes = frontier.grow(leaf for _, leaf in part)
        _compare_nodes(nodes, sure)
        head = heads.pop(frontier.size, None)
        if head is None:
            continue
        if (bytes(head.root), bytes(head.frontier)) != (
            frontier.root(),
            frontier.pack(),
        ):
            raise ChainBreaks(f"the root over {head.size} leaves is another", sure)
        sure = frontier.size
    if heads:
        raise ChainBreaks("a tree head stands inside a bundle", min(heads))
    return frontier


def _compare_nodes(nodes: Sequence[Node], sure: int) -> None:
    for node in nodes:
        row = TreeNode.objects.filter(level=node.level, number=node.number).first()
        if row is None or bytes(row.hash) != node.hash:
            where = f"node {node.number} of level {node.level}"
            raise ChainBreaks(f"{where} is missing or another", sure)


def _outside_the_tree(placed: Placed) -> Iterator[Difference]:
    """Check pending entries, and that nothing is neither pending nor placed."""
    yield from _pending_faults(placed)
    entries, pending, leaves, reach, covered = _counts()
    if reach > covered:
        yield Difference("bundles reach beyond the newest tree head", covered)
    if entries != pending + leaves:
        yield Difference(
            f"{entries} entries, but {leaves} leaves and {pending} pending: "
            + _first_unplaced(placed)
        )
    entry = LogEntry.objects.filter(pk=OuterRef("entry_id"))
    orphans = EntryDetails.objects.filter(~Exists(entry))
    for pk in orphans.values_list("entry_id", flat=True)[:1]:
        yield Difference(f"details of entry {pk}, which does not exist")


def _pending_faults(placed: Placed) -> Iterator[Difference]:
    for pks in _pages(PendingEntry.objects.values_list("entry_id", flat=True)):
        twice = [pk for pk in pks if pk in placed]
        if twice:
            yield Difference(f"entry {twice[0]}: it is pending and in the tree")
        rows = LogEntry.objects.filter(pk__in=pks).values_list("pk", "leaf_hash")
        hashes = {pk: bytes(digest) for pk, digest in rows}
        fault = first_fault((pk, hashes.get(pk, b"")) for pk in pks)
        # Sequenced while we looked is no fault; gone while pending is one.
        if fault and PendingEntry.objects.filter(pk=fault.entry_id).exists():
            yield Difference(f"pending entry {fault.entry_id}: {fault.what}")


def _pages(ids: QuerySet[Any, int]) -> Iterator[list[int]]:
    """Yield ids in pages, in rising order."""
    last = 0
    while page := list(ids.filter(pk__gt=last).order_by("pk")[:ROWS_AT_ONCE]):
        yield page
        last = page[-1]


def _counts() -> tuple[int, ...]:
    """Count in one statement, so that writers meanwhile do not disturb the sums."""
    with connections[router.db_for_read(LogEntry)].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_logentry),"
            " (SELECT count(*) FROM ledger_pendingentry),"
            " (SELECT coalesce(sum(count), 0) FROM ledger_bundle),"
            " (SELECT coalesce(max(start + count), 0) FROM ledger_bundle),"
            " (SELECT coalesce(max(size), 0) FROM ledger_treehead)"
        )
        return tuple(int(number) for number in cursor.fetchone())


def _first_unplaced(placed: Placed) -> str:
    for pks in _pages(LogEntry.objects.values_list("pk", flat=True)):
        rows = PendingEntry.objects.filter(entry_id__in=pks)
        known = set(rows.values_list("entry_id", flat=True))
        for pk in pks:
            if pk not in placed and pk not in known and pk <= placed.newest:
                return f"entry {pk} is neither pending nor in the tree"
    return "one entry is counted twice"


def _missing_triggers() -> Iterator[Difference]:
    connection = connections[router.db_for_read(LogEntry)]
    for name in triggers.missing(connection, triggers.registered(connection, "ledger")):
        yield Difference(f"the trigger {name} is missing, altered or switched off")
