"""What waits in the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Aggregate, Count, Min, Q

from services.dispatch.models import OutboxMessage, PeriodicWork
from services.dispatch.periodic import periodic_work


class OutboxDepth(NamedTuple):
    """How much waits, and since when: the truth about the queue."""

    due: int
    later: int
    leased: int
    parked: int
    oldest_due_at: datetime | None


class Lease(NamedTuple):
    """Who does how many messages of a task just now, and until when at most."""

    owner: str
    task: str
    messages: int
    until: datetime


def outbox_depth(now: datetime) -> OutboxDepth:
    """Count messages by what they wait for."""
    return OutboxDepth(**OutboxMessage.objects.aggregate(**_counts(now)))


def depth_by_task(now: datetime) -> dict[str, OutboxDepth]:
    """Count the messages of each task by what they wait for, in one query."""
    rows = OutboxMessage.objects.values("task").annotate(**_counts(now))
    by_task = rows.order_by("task").values_list("task", *OutboxDepth._fields)
    return {task: OutboxDepth(*counts) for task, *counts in by_task}


def leases() -> list[Lease]:
    """
    Return who holds what, whose time ends first before the others.

    Time that is over: the holder died or hangs, and somebody else may take it.
    """
    held = OutboxMessage.objects.live().filter(leased_until__isnull=False)
    rows = held.values("lease_owner", "task", "leased_until").annotate(Count("pk"))
    ordered = rows.order_by("leased_until", "lease_owner", "task")
    columns = ("lease_owner", "task", "pk__count", "leased_until")
    return [Lease(*row) for row in ordered.values_list(*columns)]


def next_periodic_at() -> datetime | None:
    """Return when periodic work is next due; long past where no tick comes."""
    rows = PeriodicWork.objects.filter(task__in=periodic_work())
    at: datetime | None = rows.aggregate(at=Min("due_at"))["at"]
    return at


def parked_messages(limit: int = 100) -> list[OutboxMessage]:
    """Return messages that failed too often, the last parked first."""
    return list(OutboxMessage.objects.parked().order_by("-parked_at", "-pk")[:limit])


def _counts(now: datetime) -> dict[str, Aggregate]:
    live = Q(parked_at__isnull=True)
    leased = live & Q(leased_until__gt=now)
    due = live & ~Q(leased_until__gt=now, leased_until__isnull=False)
    due &= Q(available_at__lte=now)
    return {
        "due": Count("pk", filter=due),
        "later": Count("pk", filter=live & Q(available_at__gt=now) & ~leased),
        "leased": Count("pk", filter=leased),
        "parked": Count("pk", filter=~live),
        "oldest_due_at": Min("available_at", filter=due),
    }
