"""Departments that garble, refuse, defer, or stay silent to the end."""

from datetime import date, timedelta

import pytest
from django.db import OperationalError

from services.departments.gateways.contract import Answer
from services.dispatch.models import OutboxMessage
from services.exchange import inquire
from services.exchange.claim import LEASE
from services.exchange.models import (
    AssistRequest,
    Attempt,
    Call,
    Evidence,
    Incident,
)
from services.exchange.operations import settle as settling
from services.exchange.operations.follow_up import follow_up
from services.exchange.operations.sweep import sweep
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.exchange.serving import answer_with, events, serve, settled
from tests.factories.departments import ProfileFactory, RecordFactory
from tests.factories.exchange import (
    DEADLINE,
    AssistRequestFactory,
    ExchangeFactory,
)

pytestmark = pytest.mark.django_db


class TestGarbled:
    def test_answers_are_set_aside_logged_and_never_used(self):
        ProfileFactory(mode="wrong_request_id")
        RecordFactory()
        exchanges = ExchangeFactory.create_batch(2)

        serve()

        for exchange in exchanges:
            assert settled(exchange).code == "GARBLED"
            assert exchange.state == "waiting"
        assert not Evidence.objects.exists()
        assert events() == ["exchange.quarantined"] * 3  # both questions, and a stray
        assert {"reason": "of_another_request", "answers": 2} in [
            row.body for row in EntryDetails.objects.all()
        ]
        assert Incident.objects.get().kind == "exchange_garbled"

    def test_an_unknown_shape_is_named_at_the_question(self, monkeypatch):
        answer_with(monkeypatch, lambda q: Answer(q.request_id, "PERHAPS"))
        exchange = ExchangeFactory()

        serve()

        entry = LogEntry.objects.get()
        assert (entry.type, entry.code) == ("exchange.quarantined", "GARBLED")
        assert entry.exchange == exchange.public_id
        assert EntryDetails.objects.get().body["reason"] == "unknown_outcome"


class TestAnAnswerThatCannotBeWritten:
    @pytest.fixture
    def poison(self, monkeypatch):
        """Have what follows from one answer of three fail."""
        RecordFactory()
        exchanges = ExchangeFactory.create_batch(3)
        poison = exchanges[1]

        def fail_on_poison(results, *, now):
            if any(one.exchange.pk == poison.pk for one in results):
                raise ValueError("no officer")
            return follow_up(results, now=now)

        monkeypatch.setattr(settling, "follow_up", fail_on_poison)
        return exchanges

    def test_is_an_incident_and_takes_no_other_with_it(self, poison):
        first, stuck, third = poison

        assert serve() == 2

        assert settled(first).outcome == settled(third).outcome == "FOUND"
        assert (settled(stuck).state, stuck.outcome) == ("waiting", "")
        incident = Incident.objects.get()
        assert (incident.kind, incident.about) == ("exchange_stuck", stuck.public_id)
        assert incident.text == "scjg: ValueError: no officer"
        assert Attempt.objects.count() == 2
        assert events() == ["exchange.answered"] * 2
        assert not Call.objects.exists()  # its place at the department is free

    def test_is_left_alone_until_somebody_closed_its_incident(
        self, poison, monkeypatch
    ):
        serve()
        later = NOON + timedelta(minutes=1)
        sweep(now=later)
        assert serve(later) == 0

        Incident.objects.update(closed_at=later)
        monkeypatch.setattr(settling, "follow_up", follow_up)
        sweep(now=later)
        serve(later + timedelta(minutes=1))

        assert settled(poison[1]).outcome == "FOUND"

    def test_leaves_answers_to_nobody_in_the_log_once(self, poison, monkeypatch):
        stray = Answer("nobody's", "NOT_FOUND", "NO_RECORD")

        class Fake:
            def ask_many(self, *, questions, **_asked):
                own = [
                    Answer(q.request_id, "NOT_FOUND", "NO_RECORD") for q in questions
                ]
                return [*own, stray]

        monkeypatch.setattr(inquire, "gateway", Fake)

        assert serve() == 2

        assert sorted(events()) == [
            "exchange.answered",
            "exchange.answered",
            "exchange.quarantined",
        ]


class TestADatabaseWithoutRoom:
    def test_is_no_incident_of_any_question_and_all_is_asked_again(self, monkeypatch):
        RecordFactory()
        exchanges = ExchangeFactory.create_batch(2)

        def no_room(results, *, now):
            raise OperationalError("could not extend file: no space left on device")

        monkeypatch.setattr(settling, "follow_up", no_room)
        with pytest.raises(OperationalError):
            serve()
        sweep(now=NOON + LEASE)  # still no room to note the lost call
        assert not Incident.objects.exists()
        assert not Call.objects.exists()  # the place at the department is free
        assert not Attempt.objects.exists()

        monkeypatch.setattr(settling, "follow_up", follow_up)
        sweep(now=NOON + LEASE)
        assert [settled(one).code for one in exchanges] == ["TIMEOUT"] * 2
        assert serve(max(one.next_attempt_at for one in exchanges)) == 2
        assert [settled(one).outcome for one in exchanges] == ["FOUND"] * 2

    def test_is_not_blamed_on_the_first_of_those_tried_apart(self, monkeypatch):
        exchanges = ExchangeFactory.create_batch(2)

        def poison_then_no_room(results, *, now):
            raise ValueError if len(results) == len(exchanges) else OperationalError

        monkeypatch.setattr(settling, "follow_up", poison_then_no_room)
        with pytest.raises(OperationalError):
            serve()
        sweep(now=NOON + LEASE)

        assert not Incident.objects.exists()


class TestRefused:
    def test_is_an_incident_of_ours_and_no_news_for_the_applicant(self):
        ProfileFactory(mode="not_authorised")
        exchanges = ExchangeFactory.create_batch(2)

        serve()

        assert settled(exchanges[0]).state == "waiting"
        assert exchanges[0].next_attempt_at > NOON + timedelta(seconds=20)
        incident = Incident.objects.get()
        assert incident.kind == "exchange_refused"
        assert incident.about == "scjg NOT_AUTHORISED"
        assert events() == ["exchange.refused"] * 2
        assert not OutboxMessage.objects.exists()

    def test_opens_one_incident_however_long_it_goes_on(self):
        ProfileFactory(mode="not_authorised")
        exchange = ExchangeFactory()

        serve()
        serve(settled(exchange).next_attempt_at)

        assert Incident.objects.count() == 1


class TestDeferred:
    def test_costs_no_worker_until_the_promised_time(self):
        ProfileFactory(mode="deferred", defer_seconds=600)
        RecordFactory()
        exchange = ExchangeFactory()
        due = NOON + timedelta(seconds=600)

        assert serve() == 1
        assert (settled(exchange).state, exchange.next_attempt_at) == ("waiting", due)
        assert serve(due - timedelta(seconds=1)) == 0
        assert sweep(now=due - timedelta(seconds=1)) == []

        assert serve(due) == 1
        assert settled(exchange).outcome == "FOUND"


class TestDeadline:
    def test_calls_an_officer_and_tells_the_case_once(self):
        ProfileFactory(mode="down")
        exchange = ExchangeFactory(attempts_made=30)

        serve(DEADLINE)
        serve(DEADLINE + timedelta(minutes=10))

        assert (settled(exchange).state, exchange.outcome) == (
            "assisted",
            "UNAVAILABLE",
        )
        request = AssistRequest.objects.get()
        assert (request.kind, request.department) == ("outage", "scjg")
        assert request.due_on == date(2026, 11, 25)
        assert OutboxMessage.objects.count() == 1
        assert events().count("assist.requested") == 1

    def test_a_real_answer_that_comes_late_overrules_the_presumption(self):
        RecordFactory()
        request = AssistRequestFactory()
        late = NOON + timedelta(minutes=10)

        serve(late)

        assert settled(request.exchange).outcome == "FOUND"
        request.refresh_from_db()
        assert (request.closed_at, request.finding) == (late, "ANSWERED")
        assert events() == ["exchange.answered", "assist.closed"]
        assert OutboxMessage.objects.count() == 1

    def test_a_dispute_outlives_another_no(self):
        request = AssistRequestFactory(
            kind="dispute", exchange=ExchangeFactory(), department="scjg"
        )

        serve()

        request.refresh_from_db()
        assert request.closed_at is None

    def test_a_dispute_ends_when_the_record_is_shown(self):
        RecordFactory()
        request = AssistRequestFactory(
            kind="dispute", exchange=ExchangeFactory(), department="scjg"
        )

        serve()

        request.refresh_from_db()
        assert request.finding == "ANSWERED"
        assert events()[-1] == "dispute.closed"
