"""What is found once a second although nobody thought of it."""

from datetime import date, timedelta

import pytest

from services.departments.gateways.contract import Answer
from services.dispatch.models import OutboxMessage
from services.exchange.claim import LEASE, NO_LEASE, claim
from services.exchange.models import AssistRequest, Attempt, Exchange, Incident
from services.exchange.operations import overdue
from services.exchange.operations import sweep as sweeping
from services.exchange.operations.lost import note_lost_calls
from services.exchange.operations.overdue import call_officers
from services.exchange.operations.sweep import sweep
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.exchange.serving import events, serve, settled
from tests.factories.exchange import DEADLINE, BreakerFactory, ExchangeFactory

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class TestSweep:
    def test_rings_for_departments_with_due_questions_only(self):
        ExchangeFactory()
        ExchangeFactory(department="wsjk", next_attempt_at=NOON + timedelta(minutes=1))
        ExchangeFactory(department="jtys", not_found=True)

        assert sweep(now=NOON) == ["scjg"]

    def test_leaves_a_line_alone_until_it_may_be_probed(self):
        ExchangeFactory()
        line = BreakerFactory()

        assert sweep(now=line.probe_at - SECOND) == []
        assert sweep(now=line.probe_at) == ["scjg"]

    def test_leaves_everybody_behind_a_broken_hub_alone(self, catalogue):
        ExchangeFactory(department="wsjk")  # stands behind the hub
        ExchangeFactory(department="ga")
        BreakerFactory(line="hub")

        assert sweep(now=NOON) == ["ga"]

    def test_goes_on_where_a_step_fails(self, monkeypatch):
        def broken(*, now):
            raise RuntimeError

        monkeypatch.setattr(sweeping, "STEPS", (broken, *sweeping.STEPS))
        exchange = ExchangeFactory(deadline_at=NOON)

        assert sweep(now=NOON) == ["scjg"]
        assert settled(exchange).state == "assisted"

    def test_takes_in_what_departments_say_late(self, monkeypatch):
        exchange = ExchangeFactory()

        class Late:
            def late_answers(self, *, now):
                return [("scjg", Answer(exchange.public_id, "NOT_FOUND", "EXPIRED"))]

        monkeypatch.setattr(sweeping, "gateway", Late)

        assert sweep(now=NOON) == []
        assert settled(exchange).code == "EXPIRED"


class TestAClockThatWasPutBack:
    def test_makes_due_what_was_asked_or_answered_in_the_future(self):
        tomorrow = NOON + timedelta(days=1)
        never = ExchangeFactory(issued_at=tomorrow, next_attempt_at=tomorrow)
        again = ExchangeFactory(answered_at=tomorrow, next_attempt_at=tomorrow)
        promised = ExchangeFactory(answered_at=NOON, next_attempt_at=tomorrow)

        assert sweep(now=NOON) == ["scjg"]

        assert settled(never).next_attempt_at == NOON
        assert settled(again).next_attempt_at == NOON
        assert settled(promised).next_attempt_at == tomorrow

    def test_frees_what_is_held_until_tomorrow(self):
        ExchangeFactory()
        claim(department="scjg", owner="x", now=NOON + timedelta(days=1), limit=1)

        assert note_lost_calls(now=NOON) == 1


class TestLostCalls:
    def test_are_attempts_that_nobody_answered(self):
        exchange = ExchangeFactory()
        claim(department="scjg", owner="dead", now=NOON, limit=1)
        over = NOON + LEASE

        assert sweep(now=over - SECOND) == []
        assert sweep(now=over) == []

        attempt = Attempt.objects.get()
        assert (attempt.number, attempt.code) == (1, "TIMEOUT")
        assert (attempt.started_at, attempt.finished_at) == (NOON, over)
        assert events() == ["exchange.presumed"]
        assert (settled(exchange).lease_owner, exchange.fence) == ("", 2)
        assert over < exchange.next_attempt_at <= over + timedelta(seconds=2)
        assert sweep(now=exchange.next_attempt_at) == ["scjg"]

    def test_are_not_those_under_way_whoever_reads_the_clock_first(self):
        ExchangeFactory()
        claim(department="scjg", owner="alive", now=NOON + SECOND, limit=1)

        assert note_lost_calls(now=NOON) == 0
        assert note_lost_calls(now=NOON + SECOND - (NO_LEASE - LEASE)) == 0

    def test_at_the_deadline_call_an_officer(self):
        exchange = ExchangeFactory()
        claim(department="scjg", owner="dead", now=DEADLINE - SECOND, limit=1)

        sweep(now=DEADLINE + LEASE)

        assert settled(exchange).state == "assisted"
        assert AssistRequest.objects.count() == 1


class TestOverdue:
    def test_a_question_nobody_ever_put_goes_to_an_officer_at_the_deadline(self):
        BreakerFactory(probe_at=DEADLINE + timedelta(seconds=30))
        exchange = ExchangeFactory()

        assert call_officers(now=DEADLINE - SECOND) == 0
        assert call_officers(now=DEADLINE) == 1
        assert call_officers(now=DEADLINE) == 0

        settled(exchange)
        assert (exchange.state, exchange.outcome, exchange.code) == (
            "assisted",
            "UNAVAILABLE",
            "TIMEOUT",
        )
        request = AssistRequest.objects.get()
        assert (request.kind, request.due_on) == ("outage", date(2026, 11, 25))
        assert events() == ["exchange.presumed", "assist.requested"]
        assert OutboxMessage.objects.get().key == exchange.case
        assert not Attempt.objects.exists()

    def test_keeps_what_was_said_last(self):
        exchange = ExchangeFactory(
            outcome="REFUSED", code="NOT_AUTHORISED", attempts_made=3, answered_at=NOON
        )

        call_officers(now=DEADLINE)

        assert settled(exchange).code == "NOT_AUTHORISED"
        assert events() == ["assist.requested"]

    def test_leaves_what_is_being_asked_to_whoever_asks(self):
        ExchangeFactory()
        claim(department="scjg", owner="x", now=DEADLINE - SECOND, limit=1)

        assert call_officers(now=DEADLINE) == 0

    def test_is_asked_again_and_settles_when_the_department_is_back(self):
        exchange = ExchangeFactory()
        call_officers(now=DEADLINE)

        serve(DEADLINE)

        assert settled(exchange).outcome == "NOT_FOUND"
        assert AssistRequest.objects.get().finding == "ANSWERED"

    def test_one_that_cannot_be_handed_over_stops_no_other(self, monkeypatch):
        poison, good = ExchangeFactory.create_batch(2)
        request_officer = overdue.request_officer

        def refuse_poison(rows, kind, *, now):
            if poison in rows:
                raise ValueError("poison")
            return request_officer(rows, kind, now=now)

        monkeypatch.setattr(overdue, "request_officer", refuse_poison)

        assert call_officers(now=DEADLINE) == 1

        assert settled(good).state == "assisted"
        assert (settled(poison).state, poison.outcome) == ("waiting", "")
        incident = Incident.objects.get()
        assert (incident.kind, incident.about) == ("exchange_stuck", poison.public_id)
        assert "ValueError: poison" in incident.text
        assert LogEntry.objects.count() == 2

    def test_one_that_failed_is_left_to_operations(self, monkeypatch):
        ExchangeFactory()

        def fail(*_rows, **_options):
            raise ValueError

        monkeypatch.setattr(overdue, "request_officer", fail)
        call_officers(now=DEADLINE)
        monkeypatch.undo()

        assert call_officers(now=DEADLINE) == 0
        Incident.objects.update(closed_at=DEADLINE)
        assert call_officers(now=DEADLINE) == 1
        assert Exchange.objects.get().state == "assisted"
