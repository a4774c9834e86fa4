"""Take messages out of the outbox by lease, so that two workers never share one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Value, When

from services.dispatch.models import OutboxMessage

LEASE = timedelta(seconds=25)
#: So far apart may two honest clocks be, or a clock that was read and its use. What is
#: still further ahead was written by one that has been put back since.
SKEW = timedelta(seconds=10)


def claim(
    *, now: datetime, owner: str, attempts: range, limit: int
) -> list[OutboxMessage]:
    """
    Lease due messages that were tried so often before, the oldest first.

    A message whose last holder never came back counts that as an attempt. The
    returned rows carry the new fence: only whoever knows it may finish them.
    """
    due = OutboxMessage.objects.due(now).filter(
        attempts__gte=attempts.start, attempts__lt=attempts.stop
    )
    if not due.exists():  # on SQLite a transaction would stop every other writer
        return []
    with transaction.atomic():
        claimed = list(
            due.select_for_update(skip_locked=True).order_by("available_at", "id")[
                :limit
            ]
        )
        OutboxMessage.objects.filter(pk__in=[each.pk for each in claimed]).update(
            lease_owner=owner,
            leased_until=now + LEASE,
            fence=F("fence") + 1,
            attempts=F("attempts")
            + Case(When(leased_until__isnull=False, then=Value(1)), default=Value(0)),
        )
    for message in claimed:
        message.attempts += message.leased_until is not None
        message.fence += 1
    return claimed
