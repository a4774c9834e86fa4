"""One beat of the clock: ring for periodic work, deliver what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from services.dispatch.models import PeriodicWork
from services.dispatch.operations.claim import SKEW
from services.dispatch.operations.drain import drain
from services.dispatch.operations.ring import ring
from services.dispatch.periodic import periodic_work


def tick(*, clock: Callable[[], datetime], owner: str) -> int:
    """
    Ring for periodic work that is due and drain the outbox; return what was rung.

    Two ticks at once ring once: each moves the due time by compare-and-set.
    """
    now = clock()
    registered = periodic_work()
    _add_new(set(registered), now=now)
    rung = 0
    rows = PeriodicWork.objects.filter(task__in=registered)
    for work in rows.order_by("due_at", "task"):
        period = registered[work.task]
        if _is_due(work, now, period) and _move(work, to=now + period):
            ring(work.task)
            rung += 1
    drain(clock=clock, owner=owner)
    return rung


def _is_due(work: PeriodicWork, now: datetime, period: timedelta) -> bool:
    """What waits longer than its period waits for a clock since put back."""
    return not now < work.due_at <= now + period + SKEW


def _move(work: PeriodicWork, *, to: datetime) -> int:
    """Set when work is next due, unless another tick did so first."""
    return PeriodicWork.objects.filter(task=work.task, due_at=work.due_at).update(
        due_at=to
    )


def _add_new(tasks: set[str], *, now: datetime) -> None:
    known = PeriodicWork.objects.filter(task__in=tasks).values_list("task", flat=True)
    PeriodicWork.objects.bulk_create(
        [PeriodicWork(task=task, due_at=now) for task in sorted(tasks - set(known))],
        ignore_conflicts=True,
    )
