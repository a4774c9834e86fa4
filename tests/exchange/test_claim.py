"""Leases: who holds a question, and what a late writer may still do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from services.common.actors import SYSTEM
from services.departments.gateways.contract import Answer
from services.exchange.answers import Sorted
from services.exchange.claim import LEASE, claim, held
from services.exchange.models import Attempt, Exchange
from services.exchange.operations.cancel import cancel_waiting
from services.exchange.operations.lost import note_lost_calls
from services.exchange.operations.settle import settle
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.databases import with_the_worst_plan
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def take(owner="one", now=NOON, limit=10) -> list[Exchange]:
    return claim(department="scjg", owner=owner, now=now, limit=limit)


def write(batch: list[Exchange], now=NOON, outcome=("NOT_FOUND", "NO_RECORD")):
    answers = {one.public_id: Answer(one.public_id, *outcome) for one in batch}
    return settle(batch=batch, answers=Sorted(answers, ()), started_at=now, now=now)


class TestClaim:
    def test_leases_what_is_due_the_oldest_first(self):
        later = ExchangeFactory(next_attempt_at=NOON - SECOND)
        first = ExchangeFactory(next_attempt_at=NOON - 2 * SECOND)
        ExchangeFactory(next_attempt_at=NOON + SECOND)

        taken = take()

        assert [one.pk for one in taken] == [first.pk, later.pk]
        assert {one.fence for one in taken} == {1}
        first.refresh_from_db()
        assert (first.lease_owner, first.leased_until) == ("one", NOON + LEASE)

    def test_takes_no_more_than_asked_for(self):
        ExchangeFactory.create_batch(3)

        assert len(take(limit=2)) == 2
        assert len(take(owner="two")) == 1

    def test_takes_no_more_than_asked_for_whatever_the_plan(self):
        ExchangeFactory.create_batch(5)
        with transaction.atomic():
            with_the_worst_plan()

            assert len(take(limit=2)) == 2

    def test_leaves_other_departments_and_answered_questions(self):
        ExchangeFactory(department="wsjk")
        ExchangeFactory(not_found=True)
        ExchangeFactory(state="cancelled", settled_at=NOON)

        assert take() == []

    def test_takes_what_an_officer_has_too_once_it_is_due(self):
        ExchangeFactory(assisted=True)

        assert take() == []
        assert len(take(now=NOON + timedelta(minutes=10))) == 1

    def test_gives_nothing_to_a_second_worker_while_the_lease_runs(self):
        ExchangeFactory()
        take()

        assert take(owner="two", now=NOON + LEASE - SECOND) == []

    def test_gives_nothing_away_before_the_lost_call_is_noted(self):
        ExchangeFactory()
        take()

        assert take(owner="two", now=NOON + LEASE) == []


class TestFence:
    def test_a_late_writer_changes_nothing(self):
        ExchangeFactory()
        late = take()
        note_lost_calls(now=NOON + LEASE)
        again = Exchange.objects.get().next_attempt_at
        second = take(owner="two", now=again)
        before = (Attempt.objects.count(), LogEntry.objects.count())

        assert write(late, again) == []

        row = Exchange.objects.get()
        assert (row.state, row.lease_owner) == ("waiting", "two")
        assert (Attempt.objects.count(), LogEntry.objects.count()) == before
        assert len(write(second, again)) == 1

    @pytest.mark.parametrize(
        "outcome", [("NOT_FOUND", "NO_RECORD"), ("UNAVAILABLE", "TIMEOUT")]
    )
    def test_a_batch_is_written_once(self, outcome):
        ExchangeFactory()
        batch = take()

        assert len(write(batch, outcome=outcome)) == 1
        assert write(batch, outcome=outcome) == []
        assert Attempt.objects.count() == 1

    def test_the_rest_of_a_batch_counts_where_a_part_was_lost(self):
        kept, lost = ExchangeFactory.create_batch(2)
        batch = take()
        Exchange.objects.filter(pk=lost.pk).update(fence=2)

        assert [result.exchange.pk for result in write(batch)] == [kept.pk]

    def test_an_answer_for_a_withdrawn_case_changes_nothing(self):
        exchange = ExchangeFactory()
        batch = take()
        cancel_waiting(cases=[exchange.case], actor=SYSTEM, now=NOON)

        assert write(batch) == []
        exchange.refresh_from_db()
        assert exchange.state == "cancelled"

    def test_the_lease_ends_with_the_answer(self):
        ExchangeFactory()

        write(take())

        row = Exchange.objects.get()
        assert (row.lease_owner, row.leased_until) == ("", None)
        assert held([row]) == []

    def test_each_exchange_gets_its_own_result(self):
        batch = ExchangeFactory.create_batch(3)
        codes = ["NO_RECORD", "EXPIRED", "REVOKED"]
        answers = {
            one.public_id: replace(Answer(one.public_id, "NOT_FOUND"), code=code)
            for one, code in zip(batch, codes, strict=True)
        }

        settle(batch=take(), answers=Sorted(answers, ()), started_at=NOON, now=NOON)

        rows = Exchange.objects.order_by("pk").values_list("code", flat=True)
        assert list(rows) == codes
