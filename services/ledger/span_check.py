"""
Check a stretch of the tree from its bundles, whatever stands before it.

Stretches begin at multiples of 256, where tiles and bundles do: each can be checked by
a process of its own, and what comes out is joined to one tree afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.ledger.bulk_check import doubtful
from services.ledger.forgotten import Forgotten
from services.ledger.leaf_check import fetch_rows, first_fault, read_details
from services.ledger.marks import Marks
from services.ledger.models import Bundle, TreeHead, TreeNode
from services.ledger.shelf import ID_BYTES, split_ids
from services.ledger.tiles import WIDTH
from services.ledger.tree import HASH_BYTES, Frontier, root_of, split_hashes


@dataclass(frozen=True)
class Difference:
    """
    One thing that is not as it was written.

    `index` is the first leaf that may be affected, if that is known; `end` the one
    after the last, if it is not this one alone.
    """

    what: str
    index: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        if self.index is None:
            return self.what
        if self.end is None or self.end == self.index + 1:
            return f"index {self.index}: {self.what}"
        return f"index {self.index} to {self.end - 1}: {self.what}"


class ChainBreaks(Exception):
    """The tree cannot be followed any further."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


class Head(NamedTuple):
    """A stored tree head, and what was derived of its frontier in its own tile."""

    size: int
    root: bytes
    frontier: bytes
    derived: tuple[bytes, ...]


class Group(NamedTuple):
    """A tile's worth of leaves: the heads that end in it, and its node if whole."""

    heads: list[Head]
    node: bytes | None


class Leaves(NamedTuple):
    """Leaves as bundles hold them: ids and hashes, and where the bundles end."""

    ids: bytes
    hashes: bytes
    ends: set[int]


@dataclass
class Span:
    """What came out of a stretch of leaves."""

    first: int
    groups: list[Group] = field(default_factory=list)
    placed: Marks = field(default_factory=Marks)
    fault: Difference | None = None


def check_span(first: int, end: int, forgotten: Forgotten) -> Span:
    """Check leaves `first` (a multiple of 256) up to, not including, `end`."""
    span = Span(first)
    try:
        leaves = _leaves(first, end)
        ids = split_ids(leaves.ids)
        _mark(span, ids)
        _compare_entries(first, ids, leaves.hashes, forgotten)
        hashes = split_hashes(leaves.hashes)
        span.groups = list(_groups(first, hashes, _heads(first, leaves.ends)))
        _compare_nodes(first // WIDTH, span.groups)
    except ChainBreaks as broken:
        span.fault = broken.difference
    return span


def _leaves(first: int, end: int) -> Leaves:
    bundles = Bundle.objects.filter(start__gte=first, start__lt=end).order_by("pk")
    columns = ("start", "count", "entry_ids", "hashes")
    index, ids, hashes, ends = first, [], [], set()
    for start, count, packed, digests in fetch_rows(bundles.values_list(*columns)):
        _check_shape(index, (start, count, len(packed), len(digests)))
        ids.append(packed)
        hashes.append(digests)
        index += count
        ends.add(index)
    if index < end:
        raise ChainBreaks(Difference("the bundle is missing", index))
    if index > end:
        raise ChainBreaks(Difference("a bundle reaches beyond the newest head", end))
    return Leaves(b"".join(ids), b"".join(hashes), ends)


def _check_shape(index: int, shape: tuple[int, int, int, int]) -> None:
    start, count, id_bytes, hash_bytes = shape
    if start != index:
        raise ChainBreaks(Difference(f"the next bundle starts at {start}", index))
    if id_bytes != count * ID_BYTES or hash_bytes != count * HASH_BYTES:
        raise ChainBreaks(
            Difference("the bundle's lengths do not fit its count", index)
        )
    if not 0 < count <= WIDTH - index % WIDTH:
        raise ChainBreaks(
            Difference(f"a bundle of {count} leaves cannot be here", index)
        )


def _mark(span: Span, ids: Sequence[int]) -> None:
    if span.placed.add_all(ids):
        return
    seen = set[int]()
    for index, pk in enumerate(ids, span.first):
        if pk in seen:
            raise ChainBreaks(
                Difference(f"entry {pk}: it stands in the tree twice", index)
            )
        seen.add(pk)


def _compare_entries(
    first: int, ids: Sequence[int], hashes: bytes, forgotten: Forgotten
) -> None:
    # Read to its end first: the connection serves one statement at a time.
    for part in list(doubtful(ids, hashes, read_details(ids))):
        digests = hashes[part.start * HASH_BYTES : part.stop * HASH_BYTES]
        some = ids[part.start : part.stop]
        leaves = list(zip(some, split_hashes(digests), strict=True))
        fault = first_fault(leaves, forgotten)
        if fault:
            what = f"entry {fault.entry_id}: {fault.what}"
            index = first + part.start + some.index(fault.entry_id)
            raise ChainBreaks(Difference(what, index))


def _heads(first: int, ends: set[int]) -> list[tuple[int, bytes, bytes]]:
    """Return the heads over these bundles, as size, root and frontier."""
    rows = TreeHead.objects.filter(size__gt=first, size__lte=max(ends)).order_by("size")
    heads = [
        (size, bytes(root), bytes(frontier))
        for size, root, frontier in rows.values_list("size", "root", "frontier")
    ]
    for size, _, _ in heads:
        if size not in ends:
            raise ChainBreaks(Difference("a tree head stands inside a bundle", size))
    return heads


def _groups(
    first: int, hashes: Sequence[bytes], heads: Sequence[tuple[int, bytes, bytes]]
) -> Iterator[Group]:
    waiting = list(reversed(heads))
    for at in range(0, len(hashes), WIDTH):
        start, part = first + at, hashes[at : at + WIDTH]
        inside, edge = [], Frontier()
        while waiting and waiting[-1][0] < start + WIDTH:
            head = waiting.pop()
            edge = edge.append(part[edge.size : head[0] - start])
            inside.append(Head(*head, edge.hashes))
        if waiting and waiting[-1][0] == start + WIDTH:
            inside.append(Head(*waiting.pop(), ()))
        if len(part) < WIDTH:
            yield Group(inside, None)
        else:
            rest = part[edge.size :]
            yield Group(
                inside, edge.append(rest).root() if edge.size else root_of(part)
            )


def _compare_nodes(first: int, groups: Sequence[Group]) -> None:
    rows = TreeNode.objects.filter(
        level=1, number__gte=first, number__lt=first + len(groups)
    )
    stored = dict(rows.values_list("number", "hash"))
    for number, group in enumerate(groups, first):
        if group.node and bytes(stored.get(number, b"")) != group.node:
            start = number * WIDTH
            what = f"node {number} of level 1 is missing or another"
            raise ChainBreaks(Difference(what, start, start + WIDTH))
