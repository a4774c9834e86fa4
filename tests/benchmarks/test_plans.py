"""What looks again and again must not read what is long settled, however much it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from services.cases.models import CaseNumber
from services.cases.operations.number import void_unused_numbers
from services.exchange import queries
from services.exchange.claim import claim
from services.exchange.models import AssistRequest, DepositOrder, Exchange
from services.exchange.operations.deposit import send_lost_deposits
from services.exchange.operations.late_officers import note_late_officers
from services.exchange.operations.lost import note_lost_calls
from services.exchange.operations.overdue import call_officers
from services.exchange.operations.sweep import put_clock_right
from services.exchange.unasked import unasked
from tests.clock import NOON
from tests.factories.exchange import ExchangeFactory

SETTLED = 20_000
GROWING = (
    "exchange_exchange",
    "exchange_assistrequest",
    "exchange_depositorder",
    "cases_casenumber",
)
# How to ask for a plan, and what it calls reading a table in full. SQLite says SCAN of
# a small index too, and then names it.
IN_FULL = {
    "postgresql": ("EXPLAIN ", r"Seq Scan on (\w+)"),
    "sqlite": ("EXPLAIN QUERY PLAN ", r"SCAN (\w+)\b(?! USING)"),
}
LOOKS: dict[str, Callable[[datetime], object]] = {
    "claim": lambda now: claim(department="scjg", owner="w", now=now, limit=200),
    "departments_due": queries.departments_due,
    "lines": queries.lines,
    "held": lambda _now: queries.held(),
    "unasked": unasked,
    "put_clock_right": lambda now: put_clock_right(now=now),
    "note_lost_calls": lambda now: note_lost_calls(now=now),
    "call_officers": lambda now: call_officers(now=now),
    "note_late_officers": lambda now: note_late_officers(now=now),
    "send_lost_deposits": lambda now: send_lost_deposits(now=now),
    "void_unused_numbers": lambda now: void_unused_numbers(now=now),
}


@pytest.fixture
def history(db) -> None:
    """Have much that is over: exchanges, requests, certificates, numbers; one open."""
    one = ExchangeFactory.build(not_found=True)
    columns = [field.attname for field in Exchange._meta.concrete_fields]
    kept = {name: getattr(one, name) for name in columns}
    Exchange.objects.bulk_create(
        Exchange(**kept | {"id": None, "case": f"D{n}", "public_id": f"{n:032x}"})
        for n in range(SETTLED)
    )
    AssistRequest.objects.bulk_create(
        AssistRequest(
            exchange=asked,
            kind=AssistRequest.Kind.OUTAGE,
            department="scjg",
            opened_at=NOON,
            due_on=NOON,
            closed_at=NOON,
        )
        for asked in Exchange.objects.all()
    )
    DepositOrder.objects.bulk_create(
        DepositOrder(number=f"{n}", payload=[], ordered_at=NOON, kept_at=NOON)
        for n in range(SETTLED)
    )
    CaseNumber.objects.bulk_create(
        CaseNumber(number=f"{n}", reserved_at=NOON, used_at=NOON)
        for n in range(SETTLED)
    )
    ExchangeFactory()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def plans() -> Iterator[list[str]]:
    """Collect how the database goes about each statement."""
    found: list[str] = []
    explain, _ = IN_FULL[connection.vendor]

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if re.match(r"\s*(SELECT|UPDATE)", sql):
            execute(explain + sql, params, many, context)
            found.extend(str(row[-1]) for row in context["cursor"].fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


@pytest.mark.usefixtures("history", "catalogue")
def test_what_is_settled_is_not_read_in_full():
    _, reading = IN_FULL[connection.vendor]
    read_in_full = set()
    for name, look in LOOKS.items():
        with plans() as found:
            look(NOON + timedelta(minutes=1))
        assert found, name
        tables = re.findall(reading, "\n".join(found))
        read_in_full |= {(name, table) for table in tables if table in GROWING}

    assert read_in_full == set()
