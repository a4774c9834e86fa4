"""Certificates on their way to the offices that keep them."""

from datetime import date, datetime, timedelta

import pytest

from services.common.subjects import Subject
from services.departments.gateways.contract import Deposit
from services.departments.models import Record
from services.dispatch.models import OutboxMessage
from services.exchange.breaker import FAILURES, PROBE_SIZE
from services.exchange.bulkhead import Manners
from services.exchange.models import Breaker, Call, DepositOrder
from services.exchange.operations import deposit as depositing
from services.exchange.operations.deposit import (
    BUSY,
    ON_ITS_WAY,
    DepositRequest,
    deliver_deposits,
    hand_over_deposits,
    order_deposits,
    send_lost_deposits,
)
from services.exchange.places import CERTIFICATES, QUESTIONS, Visit
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.factories.departments import COMPANY, ProfileFactory, RecordFactory
from tests.factories.exchange import ME, BreakerFactory

pytestmark = pytest.mark.django_db
NUMBER = "JY13301060000001"
SECOND = timedelta(seconds=1)


def wish(number=NUMBER, *, subjects=(ME,), department="scjg", **changes):
    values = {
        "department": department,
        "material": "M004",
        "number": number,
        "entity": COMPANY,
        "holder_name": "杭州示例餐饮有限公司",
        "issued_on": date(2026, 11, 23),
        "valid_until": date(2031, 11, 22),
        "attributes": {"scope": "热食类食品制售"},
    }
    deposits = (Deposit(subject=one, **{**values, **changes}) for one in subjects)
    return DepositRequest(
        number=number,
        deposits=tuple(deposits),
        case="D20260302-AAAAAA",
        reply_task="cases.certificates_kept",
        reply_key=number,
    )


def deliver(*numbers, now=NOON):
    return deliver_deposits(numbers=numbers, clock=lambda: now)


def messages(task: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(task=task).order_by("pk"))


class TestOrder:
    def test_writes_what_is_to_be_kept_and_a_message_that_does_it(self):
        order_deposits([wish()], now=NOON)

        assert DepositOrder.objects.get().number == NUMBER
        assert [one.key for one in messages("exchange.deposit")] == [NUMBER]
        assert not Record.objects.exists()

    def test_twice_is_ordered_once(self):
        order_deposits([wish()], now=NOON)
        order_deposits([wish()], now=NOON)

        assert DepositOrder.objects.count() == 1


class TestDeliver:
    def test_puts_the_certificate_where_the_next_question_finds_it(self):
        order_deposits([wish()], now=NOON)

        assert deliver(NUMBER) == {NUMBER}

        record = Record.objects.get()
        assert (record.number, record.subject_kind, record.subject_key) == (
            NUMBER,
            *ME,
        )
        assert record.valid_until == date(2031, 11, 22)
        assert record.attributes == {"scope": "热食类食品制售"}

    def test_logs_and_tells_the_case_once_however_often_it_is_delivered(self):
        order_deposits([wish()], now=NOON)

        deliver(NUMBER)
        deliver(NUMBER)

        assert DepositOrder.objects.get().kept_at == NOON
        assert [e.type for e in LogEntry.objects.all()] == ["certificate.deposited"]
        assert EntryDetails.objects.get().body["number"] == NUMBER
        assert [one.key for one in messages("cases.certificates_kept")] == [NUMBER]

    def test_logs_once_when_two_workers_deliver_at_the_same_time(self, monkeypatch):
        order_deposits([wish()], now=NOON)
        deposit = depositing._deposit

        def overtaken(deposits, now):
            kept = deposit(deposits, now)
            monkeypatch.setattr(depositing, "_deposit", deposit)
            deliver(NUMBER)
            return kept

        monkeypatch.setattr(depositing, "_deposit", overtaken)
        deliver(NUMBER)

        assert LogEntry.objects.count() == 1
        assert len(messages("cases.certificates_kept")) == 1

    def test_is_tried_again_later_where_the_department_is_down(self):
        profile = ProfileFactory(mode="down")
        order_deposits([wish(), wish("W1", department="wsjk")], now=NOON)

        OutboxMessage.objects.all().delete()

        assert deliver(NUMBER, "W1") == {"W1"}

        (retry,) = messages("exchange.deposit")
        assert retry.key == NUMBER
        assert NOON < retry.available_at <= NOON + timedelta(seconds=2)
        assert DepositOrder.objects.get(number=NUMBER).kept_at is None
        profile.mode = "up"
        profile.save()
        assert deliver(NUMBER, now=retry.available_at) == {NUMBER}

    def test_is_tried_again_where_the_gateway_raises(self, monkeypatch):
        def broken():
            raise RuntimeError

        monkeypatch.setattr(depositing, "gateway", broken)
        order_deposits([wish()], now=NOON)
        OutboxMessage.objects.all().delete()

        assert deliver(NUMBER) == set()
        assert len(messages("exchange.deposit")) == 1

    def test_keeps_one_number_for_all_its_subjects(self):
        places = [Subject("premises", "某路1号"), Subject("premises", "某路2号")]
        order_deposits([wish(subjects=places)], now=NOON)

        deliver(NUMBER)

        assert set(Record.objects.values_list("subject_key", flat=True)) == {
            "某路1号",
            "某路2号",
        }
        assert LogEntry.objects.count() == 1

    def test_cancels_what_it_renews(self):
        old = RecordFactory()
        order_deposits([wish(replaces=old.number)], now=NOON)

        deliver(NUMBER)

        old.refresh_from_db()
        assert old.status == "cancelled"

    def test_does_nothing_for_a_number_nobody_ordered(self):
        assert deliver("nobody") == set()
        assert not LogEntry.objects.exists()


class TestTheLine:
    def fail(self, times):
        ProfileFactory(mode="down")
        order_deposits([wish()], now=NOON)
        for _ in range(times):
            deliver(NUMBER)

    def test_is_opened_by_calls_that_fail_in_a_row(self):
        self.fail(FAILURES - 1)
        assert Breaker.objects.get().state == "closed"

        deliver(NUMBER)

        line = Breaker.objects.get()
        assert (line.line, line.state, line.last_code) == ("scjg", "open", "CONNECTION")

    def test_that_is_open_is_left_alone_until_it_may_be_probed(self):
        line = BreakerFactory()
        order_deposits([wish()], now=NOON)

        assert deliver(NUMBER) == set()

        order = DepositOrder.objects.get()
        assert (order.attempts_made, order.next_attempt_at) == (0, line.probe_at)
        assert not Record.objects.exists()
        assert send_lost_deposits(now=line.probe_at) == 1

    def test_is_probed_with_a_few_and_closed_by_the_first_that_is_kept(self):
        line = BreakerFactory()
        names = [f"N{at}" for at in range(PROBE_SIZE + 2)]
        order_deposits([wish(name) for name in names], now=NOON)

        assert len(deliver(*names, now=line.probe_at)) == PROBE_SIZE

        line.refresh_from_db()
        assert line.state == "closed"
        put_off = DepositOrder.objects.filter(kept_at__isnull=True)
        assert [one.attempts_made for one in put_off] == [0, 0]
        assert send_lost_deposits(now=line_due(put_off)) == 2

    def test_is_not_blamed_for_a_certificate_that_is_not_kept(self):
        ProfileFactory(mode="not_authorised")
        order_deposits([wish()], now=NOON)

        deliver(NUMBER)

        assert not Breaker.objects.exists()

    def test_leads_past_the_hub(self, catalogue):
        BreakerFactory(line="hub")
        order_deposits([wish("W1", department="wsjk")], now=NOON)

        assert deliver("W1") == {"W1"}


class TestPlaces:
    def taken(self, places):
        visits = [Visit.to("scjg", places) for _ in places]
        assert all(visit.take_place(NOON) for visit in visits)
        return visits

    def test_all_taken_put_a_certificate_off(self):
        visits = self.taken(CERTIFICATES)
        order_deposits([wish()], now=NOON)

        assert deliver(NUMBER) == set()
        assert DepositOrder.objects.get().next_attempt_at == NOON + BUSY

        visits[0].leave()
        assert deliver(NUMBER, now=NOON + BUSY) == {NUMBER}
        assert Call.objects.count() == len(CERTIFICATES) - 1

    def test_for_questions_are_others(self):
        self.taken(QUESTIONS)
        order_deposits([wish()], now=NOON)

        assert deliver(NUMBER) == {NUMBER}

    def test_are_given_back_where_the_outcome_cannot_be_written(self, monkeypatch):
        def fail(kept, now):
            raise LookupError

        monkeypatch.setattr(depositing, "_confirm", fail)
        order_deposits([wish()], now=NOON)

        with pytest.raises(LookupError):
            deliver(NUMBER)
        assert not Call.objects.exists()


def line_due(orders) -> datetime:
    """Return when all of these may be tried again."""
    return max(order.next_attempt_at for order in orders)


class TestHandingOver:
    def hand_over(self, *numbers):
        hand_over_deposits(numbers=numbers, clock=lambda: NOON)

    def test_goes_to_each_department_apart(self, monkeypatch):
        order_deposits([wish(), wish("W1", department="wsjk")], now=NOON)
        calls = []
        deposit = depositing._deposit
        monkeypatch.setattr(
            depositing,
            "_deposit",
            lambda deposits, now: (
                calls.append([one.number for one in deposits]) or deposit(deposits, now)
            ),
        )

        self.hand_over(NUMBER, "W1", "nobody")

        assert sorted(calls) == [[NUMBER], ["W1"]]
        assert not DepositOrder.objects.filter(kept_at=None).exists()

    def test_is_noted_so_that_lost_threads_are_missed(self, monkeypatch):
        monkeypatch.setattr(depositing, "hand_over", lambda name, work: True)
        order_deposits([wish()], now=NOON)
        OutboxMessage.objects.all().delete()
        self.hand_over(NUMBER)

        assert send_lost_deposits(now=NOON + ON_ITS_WAY - SECOND) == 0
        assert send_lost_deposits(now=NOON + ON_ITS_WAY) == 1
        assert send_lost_deposits(now=NOON + ON_ITS_WAY) == 0

        assert [one.key for one in messages("exchange.deposit")] == [NUMBER]

    def test_is_tried_again_soon_where_all_threads_are_busy(self, monkeypatch):
        monkeypatch.setattr(depositing, "hand_over", lambda name, work: False)
        order_deposits([wish()], now=NOON)
        self.hand_over(NUMBER)

        assert send_lost_deposits(now=NOON + SECOND) == 0
        assert send_lost_deposits(now=NOON + BUSY) == 1

    def test_is_not_missed_once_it_is_kept_or_sent_again(self):
        ProfileFactory(department="wsjk", mode="down")
        order_deposits([wish(), wish("W1", department="wsjk")], now=NOON)
        OutboxMessage.objects.all().delete()

        self.hand_over(NUMBER, "W1")

        assert send_lost_deposits(now=NOON + ON_ITS_WAY) == 0
        assert [one.key for one in messages("exchange.deposit")] == ["W1"]

    def test_is_missed_at_once_by_a_clock_that_was_put_back(self, monkeypatch):
        monkeypatch.setattr(depositing, "hand_over", lambda name, work: True)
        order_deposits([wish()], now=NOON)
        self.hand_over(NUMBER)

        assert send_lost_deposits(now=NOON - SECOND) == 0
        assert send_lost_deposits(now=NOON - 24 * 3600 * SECOND) == 1

    def test_holds_no_connection_while_the_office_thinks(self):
        let_go = []
        manners = Manners(let_go=lambda: let_go.append(Record.objects.count()))
        order_deposits([wish()], now=NOON)

        deliver_deposits(numbers=[NUMBER], clock=lambda: NOON, manners=manners)

        assert let_go == [0]
