"""Answers that come after their call was over."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.common.actors import SYSTEM
from services.departments.gateways.contract import (
    Answer,
    HeldRecord,
    question_digest,
)
from services.dispatch.models import OutboxMessage
from services.exchange.answers import Sorted
from services.exchange.claim import claim
from services.exchange.inquire import as_question
from services.exchange.models import AssistRequest, Attempt, Exchange, Incident
from services.exchange.operations.cancel import cancel_waiting
from services.exchange.operations.incident import look_after_incidents
from services.exchange.operations.receive import receive_answers
from services.exchange.operations.settle import settle
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.exchange.serving import answer_with, events, serve, settled
from tests.factories.departments import COMPANY, OTHER_COMPANY
from tests.factories.exchange import AssistRequestFactory, ExchangeFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=1)
RECORD = HeldRecord("JY1", "杭州示例餐饮有限公司", COMPANY, date(2024, 3, 1), None)
STRANGER = replace(RECORD, entity=OTHER_COMPANY)


def found(exchange: Exchange, **changes) -> Answer:
    digest = question_digest(as_question(exchange))
    answer = Answer(exchange.public_id, "FOUND", records=(RECORD,), digest=digest)
    return replace(answer, **changes)


def receive(*answers: Answer, department="scjg"):
    return receive_answers(department=department, answers=answers, now=LATER)


class TestAccepted:
    def test_overrules_the_presumption_of_a_timeout(self, monkeypatch):
        answer_with(
            monkeypatch, lambda q: Answer(q.request_id, "UNAVAILABLE", "TIMEOUT")
        )
        exchange = ExchangeFactory()
        serve()

        assert receive(found(exchange)) == [(exchange.public_id, True, "")]

        settled(exchange)
        assert (exchange.state, exchange.outcome) == ("settled", "FOUND")
        assert exchange.evidence.records[0]["number"] == "JY1"
        assert events() == ["exchange.presumed", "exchange.answered"]
        outcomes = Attempt.objects.order_by("number").values_list("number", "outcome")
        assert list(outcomes) == [(1, "UNAVAILABLE"), (2, "FOUND")]
        assert OutboxMessage.objects.get().key == exchange.case

    def test_says_no_too(self):
        exchange = ExchangeFactory()

        receive(Answer(exchange.public_id, "NOT_FOUND", "REVOKED"))

        assert settled(exchange).code == "REVOKED"

    def test_closes_the_officer_s_request(self):
        request = AssistRequestFactory()

        receive(found(request.exchange))

        request.refresh_from_db()
        assert (request.closed_at, request.finding) == (LATER, "ANSWERED")

    def test_voids_the_call_in_progress(self):
        exchange = ExchangeFactory()
        batch = claim(department="scjg", owner="one", now=NOON, limit=1)

        receive(found(exchange))
        no = Answer(exchange.public_id, "NOT_FOUND", "NO_RECORD")
        answers = Sorted({exchange.public_id: no}, ())
        written = settle(batch=batch, answers=answers, started_at=NOON, now=LATER)

        assert (len(batch), written) == (1, [])
        assert settled(exchange).outcome == "FOUND"


class TestRefused:
    def is_refused(self, answer: Answer, reason: str, **options) -> None:
        before = list(Exchange.objects.values())

        assert receive(answer, **options) == [(answer.request_id, False, reason)]

        assert list(Exchange.objects.values()) == before
        assert LogEntry.objects.last().type == "exchange.quarantined"
        assert EntryDetails.objects.last().body["reason"] == reason
        assert not AssistRequest.objects.exists()
        assert not Incident.objects.exists()

    def test_what_we_never_asked(self):
        self.is_refused(Answer("r9", "NOT_FOUND", "NO_RECORD"), "unknown_request")

    def test_what_another_department_was_asked(self):
        answer = found(ExchangeFactory(department="wsjk"))

        self.is_refused(answer, "unknown_request")

    def test_a_replay(self):
        answer = found(ExchangeFactory())
        receive(answer)

        self.is_refused(answer, "already_settled")
        assert Attempt.objects.count() == 1

    def test_what_was_cancelled(self):
        exchange = ExchangeFactory()
        cancel_waiting(cases=[exchange.case], actor=SYSTEM, now=NOON)

        self.is_refused(found(exchange), "already_settled")

    def test_what_says_nothing(self):
        answer = Answer(ExchangeFactory().public_id, "UNAVAILABLE", "TIMEOUT")

        self.is_refused(answer, "says_nothing")

    def test_does_not_stop_the_others(self):
        exchange = ExchangeFactory()
        stray = Answer("r9", "NOT_FOUND", "NO_RECORD")

        accepted = [one.accepted for one in receive(stray, found(exchange))]

        assert accepted == [False, True]
        assert settled(exchange).outcome == "FOUND"


class TestGarbage:
    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"records": (STRANGER,)}, "about_another_company"),
            ({"digest": "0" * 64}, "answers_another_question"),
            ({"records": ()}, "records_contradict_outcome"),
            ({"outcome": "PERHAPS"}, "unknown_outcome"),
        ],
    )
    def test_is_refused_logged_and_an_incident(self, changes, reason):
        exchange = ExchangeFactory()
        before = list(Exchange.objects.values())

        receipts = receive(found(exchange, **changes))

        assert receipts == [(exchange.public_id, False, reason)]
        assert list(Exchange.objects.values()) == before
        assert LogEntry.objects.get().type == "exchange.quarantined"
        assert EntryDetails.objects.get().body["reason"] == reason
        incident = Incident.objects.get()
        assert (incident.kind, incident.about) == ("exchange_garbled", "scjg LATE")
        assert incident.text == f"1 × GARBLED ({reason}), e.g. {exchange.public_id}"

    def test_is_one_incident_until_what_was_open_then_is_answered(self):
        first, second = ExchangeFactory.create_batch(2)
        receive(found(first, digest="0" * 64))
        receive(found(second, digest="0" * 64))
        ExchangeFactory(issued_at=LATER + timedelta(minutes=1))
        look_after_incidents(now=LATER)
        assert Incident.objects.get().closed_at is None

        receive(found(first), found(second))
        look_after_incidents(now=LATER)

        assert Incident.objects.get().closed_at == LATER
