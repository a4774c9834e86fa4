"""
Give pending entries their final order: bundles, a tree head, nothing pending.

Entries are taken in the order of their ids. A transaction that commits late brings
its pending rows with it, so nothing is overlooked; and a case's own entries follow
each other, since each is drawn after the compare-and-set that waited for the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db import connections, router, transaction

from services.common.bulk import Insert, insert_together
from services.common.errors import DomainError
from services.common.statements import change, fetch
from services.ledger.models import (
    Bundle,
    LogEntry,
    SequencerLease,
    TreeHead,
    TreeNode,
)
from services.ledger.shelf import ID_BYTES
from services.ledger.tree import HASH_BYTES, Frontier, split_hashes, unpack_frontier

BUNDLE = 256  # leaves; a bundle never crosses a multiple of it, as tiles do not
BATCH = 8_192
LEASE = timedelta(seconds=15)

IDLE_SQL = """
SELECT 1 FROM ledger_sequencerlease
 WHERE owner = %s AND leased_until > %s
   AND NOT EXISTS (SELECT 1 FROM ledger_pendingentries)
"""
#: Free, our own, run out, or of a clock that went back.
HOLD_SQL = """
UPDATE ledger_sequencerlease SET owner = %s, leased_until = %s
 WHERE owner = %s OR leased_until IS NULL OR leased_until <= %s OR leased_until > %s
"""
#: The oldest that wait, until there are enough entries; to take them is to delete them.
TAKE_SQL = """
DELETE FROM ledger_pendingentries WHERE first_id IN
 (SELECT first_id FROM
   (SELECT first_id, LENGTH(entry_ids) AS length,
           SUM(LENGTH(entry_ids)) OVER (ORDER BY first_id) AS sum
      FROM (SELECT first_id, entry_ids FROM ledger_pendingentries
             ORDER BY first_id LIMIT %s) AS oldest) AS summed
   WHERE sum - length < %s)
RETURNING first_id, entry_ids, hashes
"""
WAITING_SQL = "SELECT 1 FROM ledger_pendingentries LIMIT 1"
NEWEST_SQL = "SELECT size, frontier FROM ledger_treehead ORDER BY size DESC LIMIT 1"


class AnotherSequencer(DomainError):
    """Somebody else holds the lease; there is one sequencer at a time."""

    code = "another_sequencer"


class Leaves(NamedTuple):
    """Leaves in their order, as bundles keep them."""

    entry_ids: bytes
    hashes: bytes

    @property
    def size(self) -> int:
        return len(self.entry_ids) // ID_BYTES

    def part(self, first: int, count: int) -> Leaves:
        """Return some of them."""
        end = first + count
        return Leaves(
            self.entry_ids[first * ID_BYTES : end * ID_BYTES],
            self.hashes[first * HASH_BYTES : end * HASH_BYTES],
        )


def sequence_pending(
    *, now: datetime, owner: str = "sequencer", limit: int = BATCH
) -> int:
    """
    Place pending entries into the tree until there are `limit`; return how many.

    What was written together is placed together, so they may be some more.

    :raises AnotherSequencer: if somebody else's lease has not run out.
    """
    if _nothing_to_do(owner, now):
        return 0
    with transaction.atomic():
        _hold_lease(owner, now)
        leaves = _take(limit)
        if leaves.size:
            append(leaves, now=now)
    return leaves.size


def anything_waits() -> bool:
    """Tell whether there are pending entries: cheap enough to ask all the time."""
    connection = connections[router.db_for_write(LogEntry)]
    return bool(fetch(connection, WAITING_SQL, []))


def give_up_lease(*, owner: str) -> None:
    """Let the next sequencer start at once."""
    SequencerLease.objects.filter(owner=owner).update(leased_until=None)


def _nothing_to_do(owner: str, now: datetime) -> bool:
    """Tell whether a transaction can be spared: on SQLite it stops every writer."""
    connection = connections[router.db_for_write(LogEntry)]
    return bool(fetch(connection, IDLE_SQL, [owner, now + LEASE / 2]))


def _hold_lease(owner: str, now: datetime) -> None:
    """Take or renew the lease. Its row stays locked until this batch is committed."""
    connection = connections[router.db_for_write(SequencerLease)]
    values = [owner, now + LEASE, owner, now, now + 2 * LEASE]
    if change(connection, HOLD_SQL, values):
        return
    SequencerLease.objects.bulk_create([SequencerLease()], ignore_conflicts=True)
    if not change(connection, HOLD_SQL, values):
        raise AnotherSequencer(f"{owner} is not the sequencer")


def _take(limit: int) -> Leaves:
    """Take pending entries away, in the order of their ids."""
    connection = connections[router.db_for_write(LogEntry)]
    rows = sorted(fetch(connection, TAKE_SQL, [limit, limit * ID_BYTES]))
    parts = [Leaves(bytes(ids), bytes(hashes)) for _, ids, hashes in rows]
    leaves = _joined(parts)
    apart = all(
        one.entry_ids[-ID_BYTES:] < next_one.entry_ids[:ID_BYTES]
        for one, next_one in pairwise(parts)
    )
    return leaves if apart else _sorted(leaves)


def _sorted(leaves: Leaves) -> Leaves:
    """Sort leaves by their ids, which two writers drew in turns."""
    each = [leaves.part(at, 1) for at in range(leaves.size)]
    return _joined(sorted(each))


def _joined(parts: Sequence[Leaves]) -> Leaves:
    return Leaves(
        b"".join(part.entry_ids for part in parts),
        b"".join(part.hashes for part in parts),
    )


def append(leaves: Leaves, *, now: datetime) -> None:
    """Append leaves to the newest tree."""
    connection = connections[router.db_for_write(TreeHead)]
    before = Frontier()
    for size, frontier in fetch(connection, NEWEST_SQL, []):
        before = unpack_frontier(size, bytes(frontier))
    after, nodes = before.grow(split_hashes(leaves.hashes))
    head = (after.size, after.root(), after.pack(), now)
    insert_together(
        connection,
        Insert(
            Bundle,
            ("start", "count", "entry_ids", "hashes"),
            list(_bundles(before.size, leaves)),
        ),
        Insert(TreeNode, ("level", "number", "hash"), nodes),
        Insert(TreeHead, ("size", "root", "frontier", "at"), [head]),
    )


def _bundles(start: int, leaves: Leaves) -> Iterator[tuple[int, int, bytes, bytes]]:
    taken = 0
    while taken < leaves.size:
        room = BUNDLE - (start + taken) % BUNDLE
        part = leaves.part(taken, room)
        yield start + taken, part.size, *part
        taken += part.size
