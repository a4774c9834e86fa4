"""Try parked messages again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F

from services.common.actors import Actor
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.ring import ring
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many


def reissue(*, messages: Collection[int], actor: Actor, now: datetime) -> int:
    """Give parked messages eight new tries; return how many were still parked."""
    with transaction.atomic():
        rows = OutboxMessage.objects.parked().filter(pk__in=messages)
        parked = list(rows.select_for_update().order_by("pk"))
        locked = OutboxMessage.objects.filter(pk__in=[each.pk for each in parked])
        locked.update(parked_at=None, attempts=0, available_at=F("created_at"))
        record_many([_entry(message, actor) for message in parked], at=now)
        if parked:
            ring("dispatch.drain")
    return len(parked)


def _entry(message: OutboxMessage, actor: Actor) -> Entry:
    return Entry(
        type="message.reissued",
        actor=actor,
        details={
            "task": message.task,
            "key": message.key,
            "reason": message.parked_reason,
        },
    )
