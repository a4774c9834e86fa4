"""Pages of the audit desk's explorer, against the same SQL by the same indexes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any

import psycopg

from benchmarks.log_pile import CASES_OF, COMPANIES
from benchmarks.report import Result, result
from services.ledger.explore import PER_PAGE, Filters, explore
from services.ledger.models import LogEntry, Pseudonym

PAGES = 100  # a round
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
SQL = """
SELECT id, leaf, type, at, office, "case", exchange, subject, actor, outcome, code
FROM ledger_logentry WHERE {conditions} ORDER BY at DESC, id DESC LIMIT {limit}
"""
Where = dict[str, Any]  # a condition, and what it compares with


def explored(address: str, *, rounds: int) -> Result:
    """Measure rounds of pages: any place in the log, filtered by what has an index."""
    random = Random(1)
    count = LogEntry.objects.count()
    with psycopg.connect(address, autocommit=True) as connection:
        pairs = [_round(connection, random, count) for _ in range(rounds)]
    return result(
        "page_p95",
        pairs=pairs,
        unit="ms",
        checked=f"{rounds * PAGES} pages of {count:,} entries hold the same",
    )


def _round(
    connection: psycopg.Connection[Any], random: Random, count: int
) -> tuple[float, float]:
    ours, rival = [], []
    for _ in range(PAGES):
        filters, where = _asked(random, count)
        started = perf_counter()
        page = explore(filters)
        ours.append(perf_counter() - started)
        started = perf_counter()
        conditions = " AND ".join(where) or "true"
        statement = SQL.format(conditions=conditions, limit=PER_PAGE + 1)
        rows = connection.execute(statement, list(where.values())).fetchall()
        rival.append(perf_counter() - started)
        assert [line.pk for line in page.lines] == [row[0] for row in rows[:PER_PAGE]]
    return _p95(ours), _p95(rival)


def _asked(random: Random, count: int) -> tuple[Filters, Where]:
    """Return what somebody looks for, and the conditions that say the same."""
    until = BEGUN + timedelta(seconds=random.randrange(1, count))
    company = f"{random.randrange(COMPANIES):018d}"
    case = f"S{random.randrange(count) // CASES_OF}"
    before = {"at < %s": until}
    pseudonym = Pseudonym.objects.get(clear=f"entity:{company}").pseudonym
    choices: list[tuple[Filters, Where]] = [
        (Filters(), {}),
        (Filters(until=until), before),
        (
            Filters(until=until, type="exchange.answered"),
            {**before, "type = %s": "exchange.answered"},
        ),
        (Filters(case=case), {'"case" = %s': case}),
        (
            Filters(until=until, licence=company),
            {**before, "subject = %s": pseudonym},
        ),
    ]
    return random.choice(choices)


def _p95(seconds: list[float]) -> float:
    return 1_000 * quantiles(seconds, n=20)[-1]
