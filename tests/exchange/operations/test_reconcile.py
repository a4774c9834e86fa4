"""Reconciliation with real journals of the simulated departments."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from services.departments.gateways.contract import DepartmentsUnreachable
from services.departments.models import Call as JournalCall
from services.exchange.models import Attempt, Exchange
from services.exchange.operations import reconcile as reconciling
from services.exchange.operations.deposit import deliver_deposits, order_deposits
from services.exchange.operations.reconcile import reconcile
from tests.clock import NOON
from tests.exchange.operations.test_deposit import NUMBER, wish
from tests.exchange.serving import serve
from tests.factories.departments import ProfileFactory, RecordFactory
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def books(department="scjg", *, now=NOON + HOUR, since=NOON - HOUR):
    return reconcile(department=department, since=since, now=now)


@pytest.fixture
def asked():
    RecordFactory()
    exchanges = [ExchangeFactory(), ExchangeFactory(material="M999")]
    serve()
    return exchanges


class TestAgreement:
    def test_is_what_an_ordinary_day_ends_with(self, asked):
        order_deposits([wish()], now=NOON)
        deliver_deposits(numbers=[NUMBER], clock=lambda: NOON)

        found = books()

        assert found.clean
        assert (found.questions.agreed, found.deposits.agreed) == (2, 1)

    @pytest.mark.parametrize("mode", ["down", "unavailable", "bad_json", "reset"])
    def test_is_not_spoiled_by_calls_that_brought_nothing(self, mode):
        profile = ProfileFactory(mode=mode)
        RecordFactory()
        exchange = ExchangeFactory()
        serve()
        assert books().clean
        profile.mode = "up"
        profile.save()
        exchange.refresh_from_db()
        serve(exchange.next_attempt_at)

        assert books().clean
        assert books().questions.agreed == 1

    def test_leaves_alone_what_is_written_while_the_books_are_read(self, asked):
        JournalCall.objects.all().delete()

        Exchange.objects.update(issued_at=NOON - HOUR / 2)

        assert books(now=NOON - timedelta(seconds=1)).clean

    def test_leaves_alone_what_was_asked_earlier(self, asked):
        Exchange.objects.update(issued_at=NOON - 2 * HOUR)

        found = books()

        assert found.clean
        assert found.questions.agreed == 0


class TestDifferences:
    def whats(self, found):
        both = found.questions.differences + found.deposits.differences
        return sorted(one.what for one in both)

    def test_an_answer_that_nobody_there_has_given(self, asked):
        JournalCall.objects.all().delete()

        assert self.whats(books()) == ["unknown_there"] * 2

    def test_a_question_that_we_never_put(self, asked):
        Attempt.objects.filter(exchange=asked[0]).delete()
        Exchange.objects.filter(pk=asked[0].pk).update(fence=0)

        assert self.whats(books()) == ["unknown_here"]

    def test_a_question_in_our_name(self):
        JournalCall.objects.create(
            department="scjg", kind="question", at=NOON, seen=[("r9", 0, "FOUND")]
        )

        assert self.whats(books()) == ["unknown_here"]

    def test_another_outcome_than_theirs(self, asked):
        Attempt.objects.filter(exchange=asked[0]).update(outcome="NOT_FOUND")

        assert self.whats(books()) == ["other_outcome"]

    def test_a_certificate_that_changed_their_books_twice(self):
        order_deposits([wish()], now=NOON)
        deliver_deposits(numbers=[NUMBER], clock=lambda: NOON)
        JournalCall.objects.create(
            department="scjg", kind="deposit", at=NOON, seen=[(NUMBER, 1, "KEPT")]
        )

        assert self.whats(books()) == ["more_effects"]

    def test_a_certificate_that_they_do_not_have(self):
        order_deposits([wish()], now=NOON)
        deliver_deposits(numbers=[NUMBER], clock=lambda: NOON)
        JournalCall.objects.all().delete()

        assert self.whats(books()) == ["unknown_there"]


class TestTheHub:
    """wsjk stands behind it and lets it keep copies for a day."""

    @pytest.fixture(autouse=True)
    def _answered_once_by_the_department_and_once_by_a_copy(self, catalogue):
        RecordFactory(department="wsjk")
        for _ in range(2):
            ExchangeFactory(department="wsjk")
            serve(code="wsjk")

    def test_s_copies_are_in_its_own_journal(self):
        assert JournalCall.objects.filter(department="hub").exists()

        assert books("wsjk").clean
        assert books("wsjk").questions.agreed == 2

    def test_s_copies_for_others_are_others_business(self):
        assert books("jtys").clean
        assert books(None).questions.agreed == 2


class TestCommand:
    def run(self, *arguments) -> tuple[int, str]:
        output = StringIO()
        try:
            call_command("reconcile", *arguments, stdout=output)
        except SystemExit as end:
            return int(end.code), output.getvalue()
        return 0, output.getvalue()

    def test_says_that_books_agree(self, catalogue):
        code, text = self.run("scjg")

        assert (code, text.splitlines()[-1]) == (0, "the books agree")

    def test_ends_with_one_where_they_differ(self, catalogue):
        JournalCall.objects.create(
            department="scjg",
            kind="question",
            at=timezone.now(),
            seen=[("r9", 0, "FOUND")],
        )

        code, text = self.run()

        assert code == 1
        assert "unknown_here" in text
        assert text.splitlines()[-1] == "the books differ"

    def test_speaks_json(self, catalogue):
        code, text = self.run("--json", "--since", "2026-11-23T08:00")

        found = json.loads(text)
        assert (code, found["clean"]) == (0, True)
        assert found["since"] == "2026-11-23T08:00:00+08:00"
        assert found["questions"] == {"agreed": 0, "explained": {}, "differences": []}

    def test_ends_with_one_where_a_department_shows_nothing(
        self, catalogue, monkeypatch
    ):
        class Closed:
            def journal(self, *, department, since):
                raise DepartmentsUnreachable(department)

        monkeypatch.setattr(reconciling, "gateway", Closed)

        code, text = self.run("scjg")

        assert code == 1
        assert "scjg did not show its journal" in text

    @pytest.mark.parametrize("wrong", [("nobody",), ("--since", "yesterday")])
    def test_refuses_what_it_does_not_know(self, catalogue, wrong):
        with pytest.raises(CommandError, match=wrong[-1]):
            call_command("reconcile", *wrong)
