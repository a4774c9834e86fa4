"""One beat of the clock: ring for periodic work, deliver what is due."""

from __future__ import annotations

from datetime import datetime

from services.dispatch.models import PeriodicWork
from services.dispatch.operations.drain import drain
from services.dispatch.operations.ring import ring
from services.dispatch.periodic import periodic_work


def tick(*, now: datetime, owner: str) -> int:
    """
    Ring for periodic work that is due and drain the outbox; return what was rung.

    Two ticks at once ring once: each moves the due time by compare-and-set.
    """
    registered = periodic_work()
    _add_new(set(registered), now=now)
    due = PeriodicWork.objects.filter(task__in=registered, due_at__lte=now)
    rung = 0
    for work in due.order_by("due_at", "task"):
        moved = PeriodicWork.objects.filter(task=work.task, due_at=work.due_at).update(
            due_at=now + registered[work.task]
        )
        if moved:
            ring(work.task)
            rung += 1
    drain(now=now, owner=owner)
    return rung


def _add_new(tasks: set[str], *, now: datetime) -> None:
    known = PeriodicWork.objects.filter(task__in=tasks).values_list("task", flat=True)
    PeriodicWork.objects.bulk_create(
        [PeriodicWork(task=task, due_at=now) for task in sorted(tasks - set(known))],
        ignore_conflicts=True,
    )
