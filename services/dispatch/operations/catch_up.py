"""Bring back what stands although nothing is in its way any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from services.dispatch.handlers import knows
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.claim import LEASE, SKEW
from services.dispatch.operations.drain import MAX_ATTEMPTS, UNKNOWN_TASK
from services.dispatch.operations.ring import ring

LONGEST_WAIT = timedelta(seconds=2**MAX_ATTEMPTS)


def catch_up(*, now: datetime) -> int:
    """
    Make due what a clock since put back holds up, and parked tasks that we know.

    Return how many messages go on.
    """
    moved = _free_leases(now) + _make_due(now) + _take_back_known()
    if moved:
        ring("dispatch.drain")
    return moved


def _free_leases(now: datetime) -> int:
    """End leases that run longer than any may: their claim lies in the future."""
    return _update(Q(leased_until__gt=now + LEASE + SKEW), leased_until=now)


def _make_due(now: datetime) -> int:
    """Do now what was sent, or put back after a try, at a time yet to come."""
    sent_later = Q(created_at__gt=now + SKEW)
    tried_later = Q(attempts__gt=0, available_at__gt=now + LONGEST_WAIT + SKEW)
    waits = Q(available_at__gt=now) & (sent_later | tried_later)
    return _update(waits, available_at=now)


def _update(rows: Q, **values: datetime) -> int:
    """Change live messages; on SQLite even an idle UPDATE stops every writer."""
    live = OutboxMessage.objects.live().filter(rows)
    return live.update(**values) if live.exists() else 0


def _take_back_known() -> int:
    """Give messages that an older version of us did not know to this one."""
    parked = OutboxMessage.objects.parked().filter(parked_reason=UNKNOWN_TASK)
    names = set(parked.values_list("task", flat=True).distinct())
    known = [task for task in names if knows(task)]
    if not known:
        return 0
    return parked.filter(task__in=known).update(
        parked_at=None, parked_reason="", attempts=0, available_at=F("created_at")
    )
