"""No page of the explorer may read the whole log, whatever is looked for in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, product
from typing import Any

import pytest
from django.db import connection

from services.ledger import explore as explorer
from services.ledger.explore import Filters, explore, more_than
from services.ledger.models import LogEntry, Pseudonym
from tests.clock import NOON

LOG = 24_000  # entries
OLD = LOG // 10  # entries: as many as there are new ones
REACH = LOG // 60
MOST_READ = 3 * REACH  # rows of one statement
STEPS = 20  # of SQLite's machine: about a row
MIDDLE = NOON + timedelta(seconds=LOG // 2)
LEAF = '{"actor":{"kind":"system","role":"system"},"basis":"","purpose":"%s"}'
NAMES = ("busy", "new", "gone", "some", "rare")
FILTERS = [
    {},
    *({"type": name} for name in NAMES),
    *({"actor": name} for name in NAMES),
    *({"licence": name} for name in NAMES),
    *({"office": name} for name in NAMES),
    *({name: "absent"} for name in Filters._fields[2:]),
    {"case": "rare"},
    {"case": "rare", "type": "busy"},
    {"case": "rare", "code": "absent"},
    {"outcome": "busy", "code": "rare"},
    {"purpose": "busy", "office": "rare"},
    {"type": "gone", "code": "absent"},
    {"actor": "busy", "type": "busy"},
    {"actor": "gone", "type": "busy"},
    {"actor": "some", "type": "busy"},
    {"actor": "busy", "office": "absent"},
    {"actor": "rare", "licence": "busy"},
    {"actor": "gone", "licence": "busy"},
    {"licence": "gone", "type": "busy"},
    {"licence": "busy", "code": "absent"},
]
SPANS = [{}, {"until": MIDDLE}, {"since": MIDDLE}]


def name_of(number: int) -> str:
    """Return who is in the entry: one nearly everywhere, others long ago or newly."""
    if number >= OLD:
        return "new" if number >= LOG - OLD else "busy"
    return "rare" if number % 200 == 0 else "some" if number % 7 == 0 else "gone"


@pytest.fixture
def log(db, monkeypatch) -> None:
    """Have a log in which nearly all entries are alike, and what is rare is old."""
    monkeypatch.setattr(explorer, "REACH", REACH)
    monkeypatch.setattr(explorer, "FEW", REACH)
    Pseudonym.objects.bulk_create(
        Pseudonym(clear=f"entity:{name}", salt=b"", pseudonym=name) for name in NAMES
    )
    LogEntry.objects.bulk_create(map(_entry, range(LOG)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entry(number: int) -> LogEntry:
    name = name_of(number)
    return LogEntry(
        leaf=LEAF % name,
        leaf_hash=bytes(32),
        at=NOON + timedelta(seconds=number),
        case="rare" if name == "rare" else f"D{number // 20}",
        **dict.fromkeys(
            ("type", "office", "subject", "actor", "outcome", "code"), name
        ),
    )


@contextmanager
def rows_read() -> Iterator[list[tuple[str, list[float]]]]:
    """Collect statements, and how many rows each one reads, in parts."""
    found: list[tuple[str, list[float]]] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        rows: list[float] = []
        found.append((sql % params, rows))
        if connection.vendor == "postgresql":
            explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "
            execute(explain + sql, params, many, context)
            ((told,),) = context["cursor"].fetchall()
            rows.extend(_rows_of(told[0]["Plan"]))
        else:
            watch_steps(lambda: rows.append(1), STEPS)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found
    if connection.vendor == "sqlite":
        watch_steps(None, STEPS)


def watch_steps(told: Callable[[], None] | None, steps: int) -> None:
    """Have SQLite tell each time it has made so many steps more."""
    connection.connection.set_progress_handler(told, steps)


def _rows_of(plan: dict[str, Any]) -> Iterator[float]:
    """Yield what the leaves of a plan read, found or passed over."""
    yield from chain.from_iterable(map(_rows_of, plan.get("Plans", [])))
    if "Plans" not in plan:
        passed_over = plan.get("Rows Removed by Filter", 0)
        yield (plan["Actual Rows"] + passed_over) * plan["Actual Loops"]


def look(filters: Filters) -> None:
    """Ask for a page, the next one and one far back, and whether all is too much."""
    page = explore(filters)
    middle = LogEntry.objects.get(at=MIDDLE).pk
    for cursor in (page.older, middle):
        explore(filters, cursor=cursor)
    more_than(filters, REACH)


@pytest.mark.usefixtures("log")
def test_no_page_reads_the_whole_log():
    greedy = {}
    for filters, span in product(FILTERS, SPANS):
        with rows_read() as found:
            look(Filters(**filters, **span))
        most, statement = max((sum(rows), sql) for sql, rows in found)
        if most > MOST_READ:
            greedy[str(filters | span)] = (most, statement)

    assert not greedy
