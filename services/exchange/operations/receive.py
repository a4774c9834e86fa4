"""Take in answers that come after their call was over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from services.departments.gateways.contract import CODES, Answer
from services.exchange.answers import Quarantined, Sorted, sort_answers
from services.exchange.codes import REAL
from services.exchange.entries import exchange_entry
from services.exchange.inquire import as_question
from services.exchange.models import Exchange
from services.exchange.operations.incident import open_late_garbage, what_came
from services.exchange.operations.settle import settle
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many

UNKNOWN, SETTLED, NO_ANSWER = "unknown_request", "already_settled", "says_nothing"


class Received(NamedTuple):
    """What became of one late answer."""

    request_id: str
    accepted: bool
    reason: str  # why not


def receive_answers(
    *, department: str, answers: Sequence[Answer], now: datetime
) -> list[Received]:
    """
    Settle what is still open; refuse and log the rest, one result per answer.

    A late answer overrules the presumption of a timeout, and whoever is asking the
    same at this moment changes nothing any more. Nothing overrules a real answer, so
    the same answer a second time is refused too. A request id of another department's
    is as unknown as one that we never gave out. What does not validate changes nothing,
    for the question may be under way, but is an incident.
    """
    with transaction.atomic():
        asked = _asked(department, answers)
        reasons = [_reason(asked.get(one.request_id), one) for one in answers]
        usable = [one for one, why in zip(answers, reasons, strict=True) if not why]
        sorted_answers = _sort(asked, usable, now)
        faults = {one.request_id: one.reason for one in sorted_answers.quarantined}
        results = [
            Received(one.request_id, accepted=not fault, reason=fault)
            for one, why in zip(answers, reasons, strict=True)
            for fault in [why or faults.get(one.request_id, "")]
        ]
        _settle(asked, sorted_answers, faults, now)
        _open_incident(department, sorted_answers.quarantined, now)
        record_many(
            [
                _refusal(department, asked.get(one.request_id), one)
                for one in results
                if not one.accepted
            ],
            at=now,
        )
    return results


def _asked(department: str, answers: Sequence[Answer]) -> dict[str, Exchange]:
    """Lock and return what these answers are about, by request id."""
    rows = Exchange.objects.select_for_update().filter(
        public_id__in={answer.request_id for answer in answers}, department=department
    )
    return {row.public_id: row for row in rows.order_by("pk")}


def _reason(exchange: Exchange | None, answer: Answer) -> str:
    """Return why an answer cannot even be looked at."""
    if exchange is None:
        return UNKNOWN
    if exchange.settled_at is not None:
        return SETTLED
    lawful = answer.outcome in CODES  # what is not is garbage, found with the rest
    return NO_ANSWER if lawful and answer.outcome not in REAL else ""


def _sort(
    asked: Mapping[str, Exchange], usable: Sequence[Answer], now: datetime
) -> Sorted:
    names = {answer.request_id for answer in usable}
    questions = [as_question(asked[name]) for name in sorted(names)]
    return sort_answers(questions, usable, timezone.localdate(now))


def _settle(
    asked: Mapping[str, Exchange],
    answers: Sorted,
    faults: Mapping[str, str],
    now: datetime,
) -> None:
    good = [asked[name] for name in answers.answers if name not in faults]
    if good:
        settle(
            batch=sorted(good, key=lambda exchange: exchange.pk),
            answers=Sorted(answers.answers, ()),
            started_at=now,
            now=now,
        )


def _open_incident(
    department: str, garbage: Sequence[Quarantined], now: datetime
) -> None:
    if garbage:
        reasons = [one.reason for one in garbage]
        text = what_came("GARBLED", reasons, [one.request_id for one in garbage])
        open_late_garbage(department=department, text=text, now=now)


def _refusal(department: str, exchange: Exchange | None, one: Received) -> Entry:
    if exchange is None:
        details = {"reason": one.reason, "request": one.request_id[:64]}
        return Entry(type="exchange.quarantined", office=department, details=details)
    return exchange_entry(
        "exchange.quarantined", exchange, details={"reason": one.reason}
    )
