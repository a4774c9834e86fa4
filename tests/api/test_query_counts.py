"""How many statements each address costs: bounded, and no more for longer lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import as_applicant, as_staff, send
from tests.factories.cases import filed, hold_for

FOOD = "HZ-004"
FILING = 84  # statements, savepoints and a demo paper included
BOUNDS = {
    "cases": 2,
    "cases/{}": 13,
    "cases/{}/timeline": 5,
    "cases/{}/deadline": 2,
    "exchanges?case={}": 7,
    "items": 1,
    "items/search?q=x": 2,
    f"items/{FOOD}": 4,
    "departments": 8,
}


def statements(act: Callable[[], Any]) -> int:
    act()  # what is read once per process is read now
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    assert answer.status_code < 300, answer.content
    return len(captured)


@pytest.fixture
def case(company):
    hold_for(company, FOOD)
    return filed(company, FOOD)


@pytest.mark.parametrize("path", BOUNDS)
def test_every_address_is_cheap(company, case, path):
    client = as_applicant(company)

    count = statements(lambda: client.get(f"/api/v1/{path.format(case.number)}"))

    assert count <= BOUNDS[path]


def test_a_longer_list_costs_the_same(company, case):
    client = as_applicant(company)
    one = statements(lambda: client.get("/api/v1/cases"))

    filed(company, "HZ-001")
    filed(company, "HZ-002")

    assert statements(lambda: client.get("/api/v1/cases")) == one


def test_filing_costs_the_same_each_time(company):
    hold_for(company, FOOD)
    client = as_applicant(company)
    numbers = iter(range(2))

    def file() -> Any:
        body = {"item": FOOD, "fill": "demo", "fields": {"seats": f"1{next(numbers)}"}}
        key = {"idempotency-key": body["fields"]["seats"]}
        return send(client, "cases", body, **key)

    assert statements(file) <= FILING


def test_a_switch_is_one_log_entry(staffed):
    client = as_staff("operator")
    body = {"fault": "down"}

    count = statements(lambda: send(client, "departments/scjg/fault", body))

    assert count <= 9
