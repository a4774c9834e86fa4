"""What departments owe us, and what was asked for a case."""

from datetime import timedelta

import pytest
from django.db import connection

from services.catalogue.models import Department
from services.exchange.models import Exchange
from services.exchange.queries import (
    LineStatus,
    breakers,
    exchanges_of,
    incidents,
    lines,
    open_requests,
    open_requests_of,
    waiting_by_department,
)
from tests.clock import NOON
from tests.factories.exchange import (
    AssistRequestFactory,
    BreakerFactory,
    CallFactory,
    ExchangeFactory,
    IncidentFactory,
)

pytestmark = pytest.mark.django_db


def test_what_departments_owe_us_comes_with_the_oldest_first():
    ExchangeFactory(not_found=True)
    ExchangeFactory(issued_at=NOON)
    ExchangeFactory(assisted=True, issued_at=NOON - timedelta(hours=1))
    ExchangeFactory(department="wsjk", issued_at=NOON - timedelta(hours=2))

    assert waiting_by_department() == [
        ("wsjk", 1, NOON - timedelta(hours=2), 0),
        ("scjg", 2, NOON - timedelta(hours=1), 1),
    ]


def test_a_case_s_exchanges_come_in_asking_order_without_cancelled_ones(
    django_assert_num_queries,
):
    first = ExchangeFactory(found=True)
    second = ExchangeFactory(case=first.case, material="M005")
    ExchangeFactory(
        case=first.case, material="M006", state="cancelled", settled_at=NOON
    )
    ExchangeFactory()

    with django_assert_num_queries(1):
        asked = list(exchanges_of(first.case))
        assert [one.evidence is not None for one in asked] == [True, False]

    assert asked == [first, second]


def test_an_officer_sees_the_most_urgent_request_of_the_department_first():
    later = AssistRequestFactory(due_on=NOON.date() + timedelta(days=5))
    first = AssistRequestFactory(due_on=NOON.date())
    AssistRequestFactory(closed_at=NOON)
    AssistRequestFactory(exchange=ExchangeFactory(assisted=True, department="wsjk"))

    assert list(open_requests("scjg")) == [first, later]
    assert list(open_requests_of(first.exchange.case)) == [first]


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL reads a small table in full"
)
def test_what_is_due_is_found_without_reading_what_is_settled():
    due = Exchange.objects.open().filter(next_attempt_at__lte=NOON)

    assert "exchange_open" in due.values_list("department").distinct().explain()


class TestLines:
    def test_show_what_is_wrong_what_waits_and_who_is_asking(self):
        BreakerFactory()
        old = ExchangeFactory(issued_at=NOON - timedelta(hours=1))
        ExchangeFactory(assisted=True)
        CallFactory.create_batch(2)
        CallFactory(leased_until=NOON)

        scjg, hub = lines(NOON)

        assert scjg == LineStatus(
            department="scjg",
            state="open",
            since=NOON - timedelta(minutes=1),
            probe_at=NOON + timedelta(seconds=10),
            waiting=2,
            oldest_at=old.issued_at,
            with_officer=1,
            calls_now=2,
            last_code="TIMEOUT",
            last_error_at=NOON - timedelta(seconds=2),
        )
        assert (hub.department, hub.state, hub.waiting) == ("hub", "closed", 0)

    def test_stand_with_the_faulty_ones_first_then_the_oldest_question(self):
        ExchangeFactory(department="wsjk")
        ExchangeFactory(department="jtys", issued_at=NOON - timedelta(hours=1))
        BreakerFactory(line="yb")

        names = [line.department for line in lines(NOON)]

        assert names == ["yb", "jtys", "hub", "wsjk"]

    def test_include_every_department_and_the_hub(self, catalogue):
        assert len(lines(NOON)) == Department.objects.count() + 1

    def test_with_a_history_are_breakers(self):
        BreakerFactory(line="yb", state="closed", opened_at=None)
        BreakerFactory(line="ga")

        assert [one.line for one in breakers()] == ["ga", "yb"]


def test_incidents_are_the_open_ones_unless_all_are_wanted():
    newer = IncidentFactory(opened_at=NOON + timedelta(minutes=1), about="b")
    older = IncidentFactory()
    IncidentFactory(closed_at=NOON, about="c")

    assert incidents() == [older, newer]
    assert len(incidents(open_only=False)) == 3
