"""
Re-derive the whole log from what is stored and name what differs.

It may run while entries are written and sequenced: it checks the tree up to the head
that it finds first. Memory is bounded: a stretch of leaves, and one bit for each entry.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, QuerySet

from services.common import triggers
from services.ledger.checkpoint_check import Outside, false_checkpoints
from services.ledger.forgotten import Forgotten, unnamed
from services.ledger.leaf_check import false_pseudonyms, first_fault
from services.ledger.marks import Marks
from services.ledger.models import (
    EntryDetails,
    LogEntry,
    PendingEntries,
    TreeHead,
    TreeNode,
)
from services.ledger.pending import leaves_of, pending_between
from services.ledger.span_check import (
    ChainBreaks,
    Difference,
    Group,
    Head,
    Span,
    check_span,
)
from services.ledger.tiles import WIDTH
from services.ledger.tree import EMPTY_ROOT, Frontier, Node

SPAN = 16_384  # leaves, a multiple of 256
ROWS_AT_ONCE = 4_096
PENDING_AT_ONCE = 32  # rows of up to 256 entries


@dataclass(frozen=True)
class Verdict:
    """What a check found: nothing, if the log is as it was written."""

    size: int
    root: str
    differences: tuple[Difference, ...]


@dataclass
class Tree:
    """The tree as it comes out, stretch by stretch."""

    upper: Frontier = field(default_factory=Frontier)  # its leaves: nodes of level 1
    sure: int = 0
    placed: Marks = field(default_factory=Marks)

    def join(self, span: Span) -> None:
        """
        Take in what came out of the next stretch.

        :raises ChainBreaks: if it does not fit what is stored above the leaves.
        """
        twice = self.placed.common(span.placed)
        if twice is not None:
            what = f"entry {twice}: it stands in the tree twice"
            raise ChainBreaks(Difference(what, span.first, span.first + SPAN))
        self.placed.update(span.placed)
        for group in span.groups:
            self._join(group)

    def _join(self, group: Group) -> None:
        start = self.upper.size * WIDTH
        for head in group.heads:
            if head.size < start + WIDTH:
                self._compare(head)
        if group.node is None:
            return
        self.upper, above = self.upper.grow([group.node])
        for node in above:
            self._compare_node(node._replace(level=node.level + 1))
        for head in group.heads[-1:]:
            if head.size == start + WIDTH:
                self._compare(head)

    def _compare(self, head: Head) -> None:
        """The stored root and frontier of a head have to come out."""
        frontier = Frontier(head.size, self.upper.hashes + head.derived)
        if (head.root, head.frontier) != (frontier.root(), frontier.pack()):
            what = f"the root over {head.size} leaves is another"
            raise ChainBreaks(Difference(what, self.sure, head.size))
        self.sure = head.size

    def _compare_node(self, node: Node) -> None:
        rows = TreeNode.objects.filter(level=node.level, number=node.number)
        stored = rows.values_list("hash", flat=True).first()
        if stored is None or bytes(stored) != node.hash:
            what = f"node {node.number} of level {node.level} is missing or another"
            raise ChainBreaks(Difference(what, self.sure))


def check_log(*, outside: Outside | None = None, workers: int = 1) -> Verdict:
    """
    Check leaves, columns, details, bundles, roots, checkpoints, pending and triggers.

    :param outside: key and witness to compare with; those of the settings if left out.
    :param workers: how many processes share the leaves; with 1 it is this one, which
        also sees what its transaction has not committed yet.
    """
    head = TreeHead.objects.order_by("-size").first()
    size = head.size if head else 0
    differences = list(_missing_triggers())
    tree, forgotten = Tree(), Forgotten.read()
    try:
        with _checked(size, workers, forgotten) as spans:
            _join(tree, spans)
    except ChainBreaks as broken:
        differences.append(broken.difference)
    else:
        differences += _outside_the_tree(tree.placed, forgotten)
        differences += [
            Difference(f"nobody knows any more who {name} is, and nothing says why")
            for name in unnamed()
        ]
    differences += false_checkpoints(outside)
    differences += [
        Difference(f"the pseudonym of {clear} is false") for clear in false_pseudonyms()
    ]
    root = bytes(head.root) if head else EMPTY_ROOT
    return Verdict(size, root.hex(), tuple(differences))


def _join(tree: Tree, spans: Iterable[Span]) -> None:
    for span in spans:
        if span.fault:
            raise ChainBreaks(span.fault)
        tree.join(span)


@contextmanager
def _checked(size: int, workers: int, forgotten: Forgotten) -> Iterator[Iterable[Span]]:
    """Have all stretches checked, here or by other processes, in their order."""
    firsts = range(0, size, SPAN)
    ends = [min(first + SPAN, size) for first in firsts]
    if workers == 1:
        yield map(check_span, firsts, ends, repeat(forgotten))
        return
    # A forked process opens connections of its own (onelicense/pooling.py).
    fork = get_context("fork")
    # Nothing that it was born with is garbage, and looking for some costs time.
    pool = ProcessPoolExecutor(workers, mp_context=fork, initializer=gc.freeze)
    try:
        yield pool.map(check_span, firsts, ends, repeat(forgotten))
    finally:
        pool.shutdown(cancel_futures=True)


def _outside_the_tree(placed: Marks, forgotten: Forgotten) -> Iterator[Difference]:
    """Check pending entries, and that nothing is neither pending nor placed."""
    yield from _pending_faults(placed, forgotten)
    entries, pending, leaves, reach, covered, nodes = _counts()
    if reach > covered:
        yield Difference("bundles reach beyond the newest tree head", covered)
    if nodes:
        yield Difference(f"{nodes} nodes stand where the tree has none", covered)
    if entries != pending + leaves:
        yield Difference(
            f"{entries} entries, but {leaves} leaves and {pending} pending: "
            + _first_unplaced(placed)
        )
    entry = LogEntry.objects.filter(pk=OuterRef("entry_id"))
    orphans = EntryDetails.objects.filter(~Exists(entry))
    for pk in orphans.values_list("entry_id", flat=True)[:1]:
        yield Difference(f"details of entry {pk}, which does not exist")


def _pending_faults(placed: Marks, forgotten: Forgotten) -> Iterator[Difference]:
    seen = Marks()
    firsts = PendingEntries.objects.values_list("first_id", flat=True)
    for page in _pages(firsts, PENDING_AT_ONCE):
        rows = PendingEntries.objects.filter(pk__in=page).order_by("pk")
        try:
            leaves = [leaf for row in rows for leaf in leaves_of(row)]
        except ValueError as problem:
            yield Difference(f"pending entries: {problem}")
            continue
        yield from _twice([pk for pk, _ in leaves], placed, seen)
        fault = first_fault(leaves, forgotten)
        # Sequenced while we looked is no fault; gone while pending is one.
        if fault and pending_between(fault.entry_id, fault.entry_id):
            yield Difference(f"pending entry {fault.entry_id}: {fault.what}")


def _twice(pending: Sequence[int], placed: Marks, seen: Marks) -> Iterator[Difference]:
    for pk in pending:
        if pk in placed:
            yield Difference(f"entry {pk}: it is pending and in the tree")
            return
        if not seen.add(pk):
            yield Difference(f"entry {pk}: it is pending twice")
            return


def _pages(ids: QuerySet[Any, int], at_once: int = ROWS_AT_ONCE) -> Iterator[list[int]]:
    """Yield ids in pages, in rising order."""
    last = 0
    while page := list(ids.filter(pk__gt=last).order_by("pk")[:at_once]):
        yield page
        last = page[-1]


def _counts() -> tuple[int, ...]:
    """Count in one statement, so that writers meanwhile do not disturb the sums."""
    with connections[router.db_for_read(LogEntry)].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_logentry),"
            " (SELECT coalesce(sum(length(entry_ids)), 0) / 8"
            "  FROM ledger_pendingentries),"
            " (SELECT coalesce(sum(count), 0) FROM ledger_bundle),"
            " (SELECT coalesce(max(start + count), 0) FROM ledger_bundle),"
            " (SELECT coalesce(max(size), 0) FROM ledger_treehead),"
            " (SELECT count(*) FROM ledger_treenode WHERE level NOT BETWEEN 1 AND 7"
            " OR number >= (SELECT coalesce(max(size), 0) FROM ledger_treehead)"
            " >> (8 * level))"
        )
        return tuple(int(number) for number in cursor.fetchone())


def _first_unplaced(placed: Marks) -> str:
    for pks in _pages(LogEntry.objects.values_list("pk", flat=True)):
        known = pending_between(pks[0], pks[-1])
        for pk in pks:
            if pk not in placed and pk not in known:
                return f"entry {pk} is neither pending nor in the tree"
    return "one entry is counted twice"


def _missing_triggers() -> Iterator[Difference]:
    connection = connections[router.db_for_read(LogEntry)]
    for name in triggers.missing(connection, triggers.registered(connection, "ledger")):
        yield Difference(f"the trigger {name} is missing, altered or switched off")
