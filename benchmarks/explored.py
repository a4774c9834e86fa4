"""Pages of the audit desk's explorer, against the same SQL by the same indexes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any, NamedTuple

import psycopg

from benchmarks.log_pile import ACTORS, CASES_OF, COMPANIES, OFFICES, RARE_OFFICE
from benchmarks.report import Result, result
from services.ledger.explore import FEW, PER_PAGE, REACH, Filters, explore
from services.ledger.models import LogEntry, Pseudonym

PAGES = 100  # a round
DEEP = 3  # pages of one search
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = "ORDER BY at DESC, id DESC"
ROWS = 'id, leaf, type, at, office, "case", exchange, subject, actor, outcome, code'
FREQUENT = "SELECT actor FROM ledger_logentry GROUP BY actor HAVING count(*) > %s"
Where = dict[str, Any]  # a condition, and what it compares with
Place = tuple[datetime, int]


class Look(NamedTuple):
    """What somebody looks for, and the conditions that say the same."""

    filters: Filters
    where: Where
    sieve: Where  # among REACH entries


class Rival:
    """The statements of a page, by psycopg."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def page(self, look: Look, below: Place | None) -> tuple[list[int], Place | None]:
        """Return the numbers of a page's entries, and where the next page begins."""
        where = {**look.where, "(at, id) < (%s, %s)": below} if below else look.where
        near = _where(f"SELECT {ROWS} FROM ledger_logentry", where) + ORDER
        if look.sieve:
            near = _where(f"SELECT * FROM ({near} LIMIT {REACH}) AS n", look.sieve)
            near += ORDER
        rows = self._fetch(f"{near} LIMIT {PER_PAGE + 1}", where, look.sieve)
        found, older = [row[0] for row in rows[:PER_PAGE]], None
        if len(rows) > PER_PAGE:
            older = rows[PER_PAGE - 1][3], found[-1]
        elif look.sieve:
            places = _where("SELECT at, id FROM ledger_logentry", where) + ORDER
            last = self._fetch(f"{places} OFFSET {REACH - 1} LIMIT 1", where)
            older = next(iter(last), None)
        return found, older

    def _fetch(self, statement: str, *conditions: Where) -> list[tuple[Any, ...]]:
        values = [value for where in conditions for value in where.values()]
        flat = [
            part
            for value in values
            for part in (value if isinstance(value, tuple) else (value,))
        ]
        return self._connection.execute(statement, flat).fetchall()


def _where(statement: str, conditions: Where) -> str:
    return f"{statement} WHERE {' AND '.join(conditions) or 'true'} "


def explored(address: str, *, rounds: int) -> Iterator[Result]:
    """Measure rounds of pages, and of pages that look through what has no index."""
    count = LogEntry.objects.count()
    with psycopg.connect(address, autocommit=True) as connection:
        rows = connection.execute(FREQUENT, [FEW]).fetchall()
        looks = Looks(count, {name for (name,) in rows})
        for name, draw in (("page_p95", looks.indexed), ("sieve_p95", looks.sieved)):
            yield result(
                name,
                pairs=[_round(Rival(connection), draw) for _ in range(rounds)],
                unit="ms",
                checked=f"{rounds * PAGES} pages of {count:,} entries hold the same",
            )


def _round(rival: Rival, draw: Callable[[], Look]) -> tuple[float, float]:
    pages = (times for look in iter(draw, None) for times in _pages(rival, look))
    ours, theirs = zip(*islice(pages, PAGES), strict=True)
    return _p95(ours), _p95(theirs)


def _pages(rival: Rival, look: Look) -> Iterator[tuple[float, float]]:
    """Yield what pages take, one after the other, of ours and of the rival."""
    cursor, below = None, None
    for _ in range(DEEP):
        started = perf_counter()
        page = explore(look.filters, cursor=cursor)
        ours = perf_counter() - started
        started = perf_counter()
        found, below = rival.page(look, below)
        yield ours, perf_counter() - started
        cursor = page.older
        assert [line.pk for line in page.lines] == found, look.filters
        assert cursor == (below and below[1]), look.filters
        if cursor is None:
            return


class Looks:
    """Draws what to look for: frequent, rare and absent, at any place in the log."""

    def __init__(self, count: int, frequent: Collection[str]) -> None:
        self._random = Random(1)
        self._count = count
        self._frequent = frequent

    def indexed(self) -> Look:
        """Return a search by time, type, case, company or somebody with few entries."""
        until, before = self._until()
        company = f"{self._random.randrange(COMPANIES):018d}"
        case = f"S{self._random.randrange(self._count) // CASES_OF}"
        actor = self._random.choice([*{*ACTORS, "nobody"} - {*self._frequent}])
        pseudonym = Pseudonym.objects.get(clear=f"entity:{company}").pseudonym
        answered = "exchange.answered"
        choices: list[tuple[Filters, Where]] = [
            (Filters(), {}),
            (Filters(until=until), before),
            (Filters(until=until, type=answered), {**before, "type = %s": answered}),
            (Filters(case=case), {'"case" = %s': case}),
            (
                Filters(until=until, licence=company),
                {**before, "subject = %s": pseudonym},
            ),
            (Filters(until=until, actor=actor), {**before, "actor = %s": actor}),
        ]
        return Look(*self._random.choice(choices), {})

    def sieved(self) -> Look:
        """Return a search for what has no index, or is of somebody with many."""
        until, before = self._until()
        names = [f"office-{self._random.randrange(OFFICES)}", RARE_OFFICE, "none"]
        choices: list[dict[str, str]] = [
            *({"office": name} for name in names),
            *({"actor": name} for name in sorted(self._frequent)),
            {"outcome": "UNAVAILABLE", "code": "timeout"},
            {"outcome": "UNAVAILABLE", "code": "maintenance"},
            {"outcome": "FOUND", "code": "timeout"},
            {"purpose": "核查"},
            {"purpose": "核查", "office": "office-0"},
        ]
        asked = self._random.choice(choices)
        sieve: Where = {f"{name} = %s": text for name, text in asked.items()}
        if purpose := sieve.pop("purpose = %s", ""):
            sieve["leaf LIKE %s"] = f'%"purpose":"{purpose}%'
        return Look(Filters(until=until, **asked), before, sieve)

    def _until(self) -> tuple[datetime, Where]:
        until = BEGUN + timedelta(seconds=self._random.randrange(1, self._count))
        return until, {"at < %s": until}


def _p95(seconds: Collection[float]) -> float:
    return 1_000 * quantiles(seconds, n=20)[-1]
