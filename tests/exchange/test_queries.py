"""What departments owe us, and what was asked for a case."""

from datetime import timedelta

import pytest
from django.db import connection

from services.exchange.models import Exchange
from services.exchange.queries import (
    exchanges_of,
    open_requests,
    open_requests_of,
    waiting_by_department,
)
from tests.clock import NOON
from tests.factories.exchange import AssistRequestFactory, ExchangeFactory

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
