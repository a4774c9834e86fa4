"""Call an officer when the deadline of a question has come, whatever its line does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.departments.gateways.contract import UNAVAILABLE
from services.dispatch.operations.send import Message, send_many
from services.exchange.entries import exchange_entry
from services.exchange.models import AssistRequest, Exchange
from services.exchange.operations.apart import each_apart
from services.exchange.operations.follow_up import request_officer
from services.ledger.operations.record import record_many

PRESUMED = "TIMEOUT"


def call_officers(*, now: datetime) -> int:
    """
    Hand what is overdue to the departments' officers; return how many questions.

    One that was never put, because its line was open all the time, is presumed to
    have timed out; the machine goes on asking. Whoever is asking just now is left to
    come back.
    """
    overdue = Exchange.objects.open().filter(
        state=Exchange.State.WAITING, deadline_at__lte=now, leased_until__isnull=True
    )
    return each_apart(overdue, lambda rows: _call(rows, now), now=now)


def _call(rows: Sequence[Exchange], now: datetime) -> None:
    silent = [one for one in rows if not one.outcome]
    pks = [one.pk for one in rows]
    Exchange.objects.filter(pk__in=[one.pk for one in silent]).update(
        outcome=UNAVAILABLE, code=PRESUMED, answered_at=now
    )
    Exchange.objects.filter(pk__in=pks).update(state=Exchange.State.ASSISTED)
    presumed = [
        exchange_entry(
            "exchange.presumed",
            one,
            outcome=UNAVAILABLE,
            code=PRESUMED,
            details={"reason": "never_asked"},
        )
        for one in silent
    ]
    called = request_officer(rows, AssistRequest.Kind.OUTAGE, now=now)
    record_many(presumed + called, at=now)
    send_many([Message(one.reply_task, one.reply_key) for one in rows], now=now)
