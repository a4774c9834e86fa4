"""Fifty equal requests at once, with real threads and real transactions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from services.api.models import IdempotencyKey
from services.cases.models import Case
from services.ledger.models import LogEntry
from tests.api.conftest import as_applicant, send
from tests.factories.cases import hold_for

pytestmark = pytest.mark.django_db(transaction=True)

FOOD = "HZ-004"
BODY = {"item": FOOD, "fill": "demo", "answers": {"commitment": ["yes"]}}
TWINS = 50
AT_ONCE = 16


def together(request: Callable[[int], Any]) -> list[Any]:
    """Send all requests from as many threads as a machine bears; return the answers."""

    def send_one(number: int) -> Any:
        try:
            return request(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(send_one, range(TWINS)))


def filed_once(answers: list[Any]) -> None:
    numbers = {a.json()["number"] for a in answers if a.status_code == 201}
    (case,) = Case.objects.all()
    assert numbers == {case.number}
    assert LogEntry.objects.filter(type="case.filed").count() == 1


def test_with_a_key_are_one_case_and_one_answer(company):
    hold_for(company, FOOD)
    client = as_applicant(company)

    answers = together(
        lambda _: send(client, "cases", BODY, **{"idempotency-key": "k"})
    )

    assert {a.status_code for a in answers} <= {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {
        "request_in_flight"
    }
    filed_once(answers)
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert IdempotencyKey.objects.get().status == 201


def test_without_a_key_are_one_case(company):
    hold_for(company, FOOD)
    client = as_applicant(company)

    answers = together(lambda _: send(client, "cases", BODY))

    assert Counter(a.status_code for a in answers) == {201: TWINS}, answers[0].content
    filed_once(answers)


def test_under_keys_of_their_own_are_one_case(company):
    hold_for(company, FOOD)
    client = as_applicant(company)

    answers = together(
        lambda n: send(client, "cases", BODY, **{"idempotency-key": f"k-{n}"})
    )

    assert Counter(a.status_code for a in answers) == {201: TWINS}
    filed_once(answers)


def test_that_differ_are_cases_of_their_own(company):
    hold_for(company, FOOD)
    client = as_applicant(company)

    answers = together(
        lambda n: send(client, "cases", {**BODY, "fields": {"seats": str(10 + n)}})
    )

    assert Counter(a.status_code for a in answers) == {201: TWINS}
    assert len({a.json()["number"] for a in answers}) == TWINS
    assert Case.objects.count() == TWINS


def test_refused_ones_leave_nothing(company):
    client = as_applicant(company)
    body = {**BODY, "answers": {"nothing": ["x"]}}

    answers = together(lambda _: send(client, "cases", body))

    refused = Counter(a.json()["code"] for a in answers)
    assert refused["invalid_input"] + refused["request_in_flight"] == TWINS
    assert refused["invalid_input"] > 0
    assert not Case.objects.exists()
    assert connection.is_usable()
