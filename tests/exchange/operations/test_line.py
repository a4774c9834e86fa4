"""What fails together is left alone, probed and noticed back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.departments.gateways.contract import HUB, Answer
from services.exchange.breaker import FAILURES, PROBE, PROBE_SIZE
from services.exchange.models import Attempt, Breaker, Call, Exchange
from services.exchange.operations import line as lines
from services.exchange.operations.line import lines_to, take
from services.exchange.places import Visit
from tests.clock import NOON
from tests.databases import statements
from tests.exchange.serving import answer_with, serve, settled
from tests.factories.exchange import BreakerFactory, ExchangeFactory

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def unavailable(code, via=""):
    return lambda q: Answer(q.request_id, "UNAVAILABLE", code, via=via)


def unusable(question):
    return Answer(question.request_id, "PERHAPS")


def nothing(_question):
    return None


def no_record(question):
    return Answer(question.request_id, "NOT_FOUND", "NO_RECORD")


@pytest.fixture
def rung(monkeypatch):
    heard = []
    monkeypatch.setattr(lines, "ring", lambda task, **kwargs: heard.append(kwargs))
    return heard


def fail(times, monkeypatch, code="TIMEOUT", via=""):
    """Have so many calls fail, each with a question of its own."""
    answer_with(monkeypatch, unavailable(code, via))
    for _ in range(times):
        ExchangeFactory()
        assert serve()


class TestOpening:
    def test_follows_several_failed_calls_in_a_row(self, monkeypatch):
        fail(FAILURES - 1, monkeypatch)
        assert Breaker.objects.get().state == "closed"

        fail(1, monkeypatch, "SERVER_ERROR")

        line = Breaker.objects.get()
        assert (line.line, line.state, line.failures) == ("scjg", "open", FAILURES)
        assert line.opened_at == line.changed_at == line.last_error_at == NOON
        assert line.last_code == "SERVER_ERROR"

    def test_stops_further_questions(self, monkeypatch):
        fail(FAILURES, monkeypatch)
        ExchangeFactory()

        assert serve() == 0
        assert Attempt.objects.count() == FAILURES

    def test_needs_failures_in_a_row(self, monkeypatch):
        fail(FAILURES - 1, monkeypatch)
        answer_with(monkeypatch, no_record)
        ExchangeFactory()
        serve()

        fail(FAILURES - 1, monkeypatch)

        assert Breaker.objects.get().state == "closed"

    def test_does_not_follow_one_bad_answer_among_good_ones(self, monkeypatch):
        bad = ExchangeFactory()
        answer_with(
            monkeypatch,
            lambda q: (
                Answer(q.request_id, "PERHAPS")
                if q.request_id == bad.public_id
                else no_record(q)
            ),
        )
        for second in range(0, 600, 60):
            ExchangeFactory()
            serve(NOON + second * SECOND)

        assert settled(bad).attempts_made > FAILURES
        assert not Breaker.objects.exists()

    @pytest.mark.parametrize("answer", [unusable, nothing])
    def test_does_not_follow_one_question_that_gets_no_good_answer(
        self, monkeypatch, answer
    ):
        answer_with(monkeypatch, answer)
        bad = ExchangeFactory()
        for minute in range(FAILURES + 1):
            serve(NOON + minute * timedelta(minutes=1))

        assert settled(bad).attempts_made == FAILURES + 1
        assert not Breaker.objects.exists()

    @pytest.mark.parametrize("code", ["TIMEOUT", "CONNECTION", "GARBLED"])
    def test_follows_whatever_brings_nothing_at_all(self, monkeypatch, code):
        fail(FAILURES, monkeypatch, code)

        assert Breaker.objects.get().state == "open"

    def test_does_not_follow_refusals(self, monkeypatch):
        refusal = ("REFUSED", "NOT_AUTHORISED")
        answer_with(monkeypatch, lambda q: Answer(q.request_id, *refusal))
        for _ in range(FAILURES):
            ExchangeFactory()
            serve()

        assert not Breaker.objects.exists()


class TestProbe:
    def test_is_small_and_the_only_one(self, monkeypatch):
        line = BreakerFactory()
        ExchangeFactory.create_batch(PROBE_SIZE + 3)
        at = line.probe_at
        seen = lines_to("scjg")

        first, second = (
            take(Visit("scjg", name), lines=seen, now=at, limit=200) for name in "ab"
        )

        assert (len(first), second) == (PROBE_SIZE, [])
        line.refresh_from_db()
        assert (line.state, line.probe_at) == ("half_open", at + PROBE)

    def test_waits_its_time(self):
        line = BreakerFactory()
        ExchangeFactory()

        assert serve(line.probe_at - SECOND) == 0
        assert serve(line.probe_at) == 1

    def test_that_finds_nothing_to_ask_is_none(self):
        line = BreakerFactory()

        assert serve(line.probe_at) == 0

        line.refresh_from_db()
        assert line.state == "open"

    def test_that_fails_makes_the_pause_longer(self, monkeypatch):
        line = BreakerFactory()
        ExchangeFactory()
        answer_with(monkeypatch, unavailable("TIMEOUT"))

        serve(at := line.probe_at)

        line.refresh_from_db()
        assert (line.state, line.failures) == ("open", FAILURES + 1)
        assert timedelta(seconds=3) <= line.probe_at - at <= timedelta(seconds=4)

    def test_that_vanishes_is_followed_by_another(self):
        line = BreakerFactory()
        ExchangeFactory.create_batch(PROBE_SIZE + 1)
        lost = Visit("scjg", "dead")
        take(lost, lines=lines_to("scjg"), now=line.probe_at, limit=200)

        assert serve(line.probe_at + PROBE - SECOND) == 0
        assert serve(line.probe_at + PROBE) == 1


class TestClosing:
    def test_makes_everything_due_that_met_the_fault(self, monkeypatch, rung):
        hours = timedelta(hours=1)
        waiting = [
            ExchangeFactory(
                outcome="UNAVAILABLE", code=code, next_attempt_at=NOON + hours, **more
            )
            for code in ("TIMEOUT", "GARBLED")
            for more in ({}, {"state": "assisted"})
        ]
        promised = ExchangeFactory(
            outcome="DEFERRED", code="ACCEPTED_FOR_LATER", next_attempt_at=NOON + hours
        )
        other = ExchangeFactory(
            department="wsjk",
            outcome="UNAVAILABLE",
            code="TIMEOUT",
            next_attempt_at=NOON + hours,
        )
        in_hand = ExchangeFactory(
            outcome="UNAVAILABLE",
            code="TIMEOUT",
            next_attempt_at=NOON + hours,
            leased_until=NOON + hours,
        )
        line = BreakerFactory()
        ExchangeFactory()
        answer_with(monkeypatch, no_record)

        serve(back := line.probe_at)

        line.refresh_from_db()
        assert (line.state, line.failures, line.opened_at) == ("closed", 0, None)
        assert (line.last_code, line.changed_at) == ("TIMEOUT", back)
        assert {settled(one).next_attempt_at for one in waiting} == {back}
        assert settled(promised).next_attempt_at == NOON + hours
        assert settled(other).next_attempt_at == NOON + hours
        assert settled(in_hand).next_attempt_at == NOON + hours
        assert rung == [{"code": "scjg"}]

    def test_of_a_line_that_only_stumbled_does_the_same(self, monkeypatch):
        fail(1, monkeypatch)
        first = Exchange.objects.get()
        answer_with(monkeypatch, no_record)
        ExchangeFactory()

        serve(NOON + SECOND)

        assert settled(first).next_attempt_at == NOON + SECOND


class TestHub:
    """wsjk stands behind the hub, ga does not."""

    def ask(self, department, now=NOON):
        ExchangeFactory(department=department)
        return serve(now, code=department)

    def test_s_failure_is_not_the_department_s(self, catalogue, monkeypatch):
        answer_with(monkeypatch, unavailable("CONNECTION", HUB))

        for _ in range(FAILURES):
            self.ask("wsjk")

        assert [one.line for one in Breaker.objects.all()] == [HUB]
        assert self.ask("jtys") == 0
        assert self.ask("ga") == 1
        asked = Exchange.objects.filter(department="wsjk", via=HUB)
        assert asked.count() == FAILURES
        assert Attempt.objects.filter(exchange__in=asked, via=HUB).count() == FAILURES

    def test_s_return_wakes_all_that_stand_behind_it(self, catalogue, monkeypatch):
        later = NOON + timedelta(hours=1)
        waiting = ExchangeFactory(
            department="jtys",
            outcome="UNAVAILABLE",
            code="CONNECTION",
            next_attempt_at=later,
        )
        hub = BreakerFactory(line=HUB)
        answer_with(monkeypatch, no_record)

        assert self.ask("wsjk", hub.probe_at) == 1

        hub.refresh_from_db()
        assert hub.state == "closed"
        assert settled(waiting).next_attempt_at == hub.changed_at

    def test_is_back_also_where_the_department_behind_it_fails(
        self, catalogue, monkeypatch
    ):
        hub = BreakerFactory(line=HUB)
        answer_with(monkeypatch, unavailable("TIMEOUT"))

        self.ask("wsjk", hub.probe_at)

        states = dict(Breaker.objects.values_list("line", "failures"))
        assert states == {HUB: 0, "wsjk": 1}


class TestPlaces:
    def test_at_a_department_are_few(self):
        ExchangeFactory.create_batch(6)
        visits = [Visit("scjg", str(n)) for n in range(6)]

        taken = [len(take(one, lines=[], now=NOON, limit=1)) for one in visits]

        assert taken == [1, 1, 1, 1, 0, 0]
        assert Call.objects.count() == 4
        assert Exchange.objects.filter(leased_until__isnull=False).count() == 4

    def test_are_kept_while_somebody_goes_on(self):
        ExchangeFactory.create_batch(2)
        visit = Visit("scjg", "a")

        for second in (0, 5):
            take(visit, lines=[], now=NOON + second * SECOND, limit=1)

        call = Call.objects.get()
        assert call.leased_until == NOON + 25 * SECOND

    def test_are_given_back(self):
        ExchangeFactory()

        serve()

        assert not Call.objects.exists()

    @pytest.mark.parametrize("ago", [timedelta(seconds=20), -timedelta(days=1)])
    def test_of_the_dead_are_free_whatever_the_clock_did(self, ago):
        ExchangeFactory.create_batch(5)
        for name in "abcd":
            take(Visit("scjg", name), lines=[], now=NOON - ago, limit=1)

        assert len(take(Visit("scjg", "e"), lines=[], now=NOON, limit=1)) == 1


def test_a_sound_line_costs_two_cheap_statements(monkeypatch):
    BreakerFactory(line="ga")
    ExchangeFactory()

    with CaptureQueriesContext(connection) as captured:
        serve()

    about = [sql for sql in statements(captured) if "exchange_breaker" in sql]
    places = [sql for sql in statements(captured) if "exchange_call" in sql]
    assert [sql[:6] for sql in about] == ["SELECT"]
    assert len(places) == 2
