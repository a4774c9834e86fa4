"""Ask no more for cases that ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from services.common.actors import Actor
from services.exchange.entries import exchange_entry
from services.exchange.models import AssistRequest, Exchange
from services.ledger.operations.record import record_many


def cancel_waiting(*, cases: Sequence[str], actor: Actor, now: datetime) -> int:
    """
    Cancel what these cases (references) still wait for; return how many questions.

    The log closes each intent; an answer that arrives later changes nothing. What the
    register itself has to recheck (校核) stays open: it is no matter of this case.
    """
    with transaction.atomic():
        waiting = list(
            Exchange.objects.select_for_update()
            .open()
            .filter(case__in=cases)
            .order_by("pk")
        )
        Exchange.objects.filter(pk__in=[one.pk for one in waiting]).update(
            state=Exchange.State.CANCELLED,
            settled_at=now,
            lease_owner="",
            leased_until=None,
        )
        AssistRequest.objects.filter(
            exchange__case__in=cases, closed_at__isnull=True
        ).exclude(kind=AssistRequest.Kind.RECHECK).update(
            closed_at=now, closed_by=actor.id, finding="CASE_ENDED"
        )
        record_many(
            [
                exchange_entry(
                    "exchange.presumed", one, actor=actor, outcome="CANCELLED"
                )
                for one in waiting
            ],
            at=now,
        )
    return len(waiting)
