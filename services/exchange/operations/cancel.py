"""Stop asking for a case that has ended: its purpose is gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from services.common.actors import Actor
from services.exchange.entries import exchange_entry
from services.exchange.models import AssistRequest, Exchange
from services.ledger.operations.record import record_many


def cancel_waiting(*, cases: Iterable[str], actor: Actor, now: datetime) -> int:
    """Cancel what these cases still wait for; return how many exchanges that was."""
    with transaction.atomic():
        waiting = list(
            Exchange.objects.select_for_update().filter(
                case__in=list(cases),
                state__in=[Exchange.State.WAITING, Exchange.State.ASSISTED],
            )
        )
        if not waiting:
            return 0
        ids = [exchange.pk for exchange in waiting]
        Exchange.objects.filter(pk__in=ids).update(state=Exchange.State.CANCELLED)
        AssistRequest.objects.filter(exchange__in=ids, closed_at__isnull=True).update(
            closed_at=now, closed_by=actor.id, finding="CASE_ENDED"
        )
        record_many(
            [
                exchange_entry("exchange.presumed", one, actor=actor, code="CASE_ENDED")
                for one in waiting
            ],
            at=now,
        )
    return len(waiting)
