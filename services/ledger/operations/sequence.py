"""
Give pending entries their final order: bundles, a tree head, nothing pending.

Entries are taken in the order of their ids. A transaction that commits late brings
its pending rows with it, so nothing is overlooked; and a case's own entries follow
each other, since each is drawn after the compare-and-set that waited for the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from services.common.errors import DomainError
from services.ledger.models import (
    Bundle,
    LogEntry,
    PendingEntry,
    SequencerLease,
    TreeHead,
    TreeNode,
)
from services.ledger.tree import Frontier, unpack_frontier

BUNDLE = 256  # leaves; a bundle never crosses a multiple of it, as tiles do not
BATCH = 8_192
LEASE = timedelta(seconds=15)
ID_BYTES = 8


class AnotherSequencer(DomainError):
    """Somebody else holds the lease; there is one sequencer at a time."""

    code = "another_sequencer"


def sequence_pending(
    *, now: datetime, owner: str = "sequencer", limit: int = BATCH
) -> int:
    """
    Place up to `limit` pending entries into the tree; return how many.

    :raises AnotherSequencer: if somebody else's lease has not run out.
    """
    if _nothing_to_do(owner, now):
        return 0
    with transaction.atomic():
        _hold_lease(owner, now)
        entries = _pending(limit)
        if entries:
            append(entries, now=now)
    return len(entries)


def give_up_lease(*, owner: str) -> None:
    """Let the next sequencer start at once."""
    SequencerLease.objects.filter(owner=owner).update(leased_until=None)


def _nothing_to_do(owner: str, now: datetime) -> bool:
    """Tell whether a transaction can be spared: on SQLite it stops every writer."""
    if PendingEntry.objects.exists():
        return False
    renewal_is_far = Q(leased_until__gt=now + LEASE / 2)
    return SequencerLease.objects.filter(renewal_is_far, owner=owner).exists()


def _hold_lease(owner: str, now: datetime) -> None:
    """Take or renew the lease. Its row stays locked until this batch is committed."""
    SequencerLease.objects.bulk_create([SequencerLease()], ignore_conflicts=True)
    free = Q(owner=owner) | Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    clock_went_back = Q(leased_until__gt=now + 2 * LEASE)
    held = SequencerLease.objects.filter(free | clock_went_back).update(
        owner=owner, leased_until=now + LEASE
    )
    if not held:
        raise AnotherSequencer(f"{owner} is not the sequencer")


def _pending(limit: int) -> list[tuple[int, bytes]]:
    """Return ids and leaf hashes, in one statement and so from one snapshot."""
    waiting = PendingEntry.objects.order_by("entry_id").values("entry_id")[:limit]
    rows = LogEntry.objects.filter(pk__in=waiting).order_by("pk")
    return [(pk, bytes(leaf)) for pk, leaf in rows.values_list("pk", "leaf_hash")]


def append(entries: Sequence[tuple[int, bytes]], *, now: datetime) -> None:
    """Append entries, by id and leaf hash, to the newest tree; they wait no more."""
    head = TreeHead.objects.order_by("-size").first()
    before = unpack_frontier(head.size, bytes(head.frontier)) if head else Frontier()
    after, nodes = before.grow(leaf for _, leaf in entries)
    Bundle.objects.bulk_create(list(_bundles(before.size, entries)))
    TreeNode.objects.bulk_create([TreeNode(**node._asdict()) for node in nodes])
    TreeHead.objects.create(
        size=after.size, root=after.root(), frontier=after.pack(), at=now
    )
    PendingEntry.objects.filter(entry_id__among=[pk for pk, _ in entries]).delete()


def _bundles(start: int, entries: Sequence[tuple[int, bytes]]) -> Iterator[Bundle]:
    taken = 0
    while taken < len(entries):
        room = BUNDLE - (start + taken) % BUNDLE
        part = entries[taken : taken + room]
        yield Bundle(
            start=start + taken,
            count=len(part),
            entry_ids=b"".join(pk.to_bytes(ID_BYTES, "big") for pk, _ in part),
            hashes=b"".join(leaf for _, leaf in part),
        )
        taken += len(part)
