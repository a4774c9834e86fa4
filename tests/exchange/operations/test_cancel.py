"""Asking no more for a case that ended."""

import pytest

from services.common.actors import Actor
from services.exchange.operations.cancel import cancel_waiting
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.exchange import AssistRequestFactory, ExchangeFactory

pytestmark = pytest.mark.django_db
APPLICANT = Actor(kind="human", id="wang", role="applicant")


def test_ends_what_waits_and_closes_its_intent_in_the_log():
    waiting = ExchangeFactory()
    request = AssistRequestFactory()

    ended = cancel_waiting(
        cases=[waiting.case, request.exchange.case], actor=APPLICANT, now=NOON
    )

    waiting.refresh_from_db()
    request.refresh_from_db()
    assert ended == 2
    assert waiting.state == "cancelled"
    assert (request.closed_at, request.finding) == (NOON, "CASE_ENDED")
    assert [(e.type, e.outcome) for e in LogEntry.objects.all()] == [
        ("exchange.presumed", "CANCELLED")
    ] * 2


def test_leaves_what_was_answered_and_what_others_wait_for():
    answered = ExchangeFactory(not_found=True)
    other = ExchangeFactory()

    assert cancel_waiting(cases=[answered.case], actor=APPLICANT, now=NOON) == 0

    answered.refresh_from_db()
    other.refresh_from_db()
    assert (answered.state, other.state) == ("settled", "waiting")


def test_leaves_to_the_register_what_it_has_to_recheck():
    request = AssistRequestFactory(exchange=ExchangeFactory(found=True), kind="recheck")

    cancel_waiting(cases=[request.exchange.case], actor=APPLICANT, now=NOON)

    request.refresh_from_db()
    assert request.closed_at is None
