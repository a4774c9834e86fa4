"""Waiting cases completed per second among few rows, and among a hundred times more."""

from __future__ import annotations

from django.utils import timezone

from benchmarks.ballast import multiply, rows_kept
from benchmarks.companies import make_companies
from benchmarks.databases import FIRST, Databases
from benchmarks.filed import UNIT
from benchmarks.pile import Pile
from benchmarks.report import Result, result
from benchmarks.servers import Servers
from services.catalogue.models import ItemVersion

FACTOR = 100
WARM_UP = 10  # cases, each time the worker has started
FEW, MANY = "few_", "many_"


class AmongMany:
    """
    Piles in two pairs of databases, one with a hundred times the rows of the other.

    The small one is copied afresh for each round, so that the factor never falls.
    """

    def __init__(self, running: Servers, item: ItemVersion) -> None:
        """Keep a copy of the databases as they are now: without any case."""
        self._stack = running.stack
        self._item = item
        self._databases = Databases(running.stack)
        self._databases.copy(FIRST, FEW)
        self._in_many = Pile(item)
        self._rows = (0, 0)
        self._runs: list[tuple[float, float]] = []

    def start(self, cases: int) -> None:
        """Deliver so many cases, and multiply what they leave behind."""
        self._completed(FEW, Pile(self._item), cases)
        few = rows_kept()
        self._databases.copy(FEW, MANY)
        self._databases.use(MANY)
        multiply(FACTOR)
        self._rows = (few, rows_kept())

    def run(self, cases: int) -> None:
        """Measure one round; the other one begins in the next."""
        number = len(self._runs)
        small, pile = f"{FEW}{number}_", Pile(self._item)
        self._databases.copy(FEW, small)
        places = [(small, pile), (MANY, self._in_many)]
        if number % 2:
            places.reverse()
        rates = {name: self._completed(name, at, cases) for name, at in places}
        self._runs.append((rates[MANY], rates[small]))

    def result(self) -> Result:
        """Check what was completed among many rows and the whole log; return both."""
        self._databases.use(MANY)
        checked = self._in_many.check()
        self._databases.use(FIRST)
        few, many = self._rows
        rows = f"among {many:,} rows and among {few:,}"
        return result(
            "completed_among_many",
            pairs=self._runs,
            unit=UNIT,
            checked=f"{rows}: {checked}",
        )

    def _completed(self, databases: str, pile: Pile, cases: int) -> float:
        self._databases.use(databases)
        made = make_companies(WARM_UP + cases, item=self._item, now=timezone.now())
        self._databases.write_out()
        self._stack.start_worker()
        pile.run(made[:WARM_UP])
        rate = pile.run(made[WARM_UP:])
        self._stack.children["worker"].stop()
        if pile is not self._in_many:
            pile.check()
        return rate
