"""
Two ways to entries whose cost is known, whatever a planner believes about the log.

A planner takes what is frequent for evenly spread: for an actor who left years ago it
walks through all that came since. So no query here leaves it a choice of ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, DateTimeField, Func, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import BaseTable

from services.ledger.models import LogEntry


class Place(NamedTuple):
    """Where an entry stands among all, by time and number."""

    at: datetime
    pk: int


class Bounds(NamedTuple):
    """Between which entries one walks."""

    since: datetime | None = None
    until: datetime | None = None  # not included
    below: Place | None = None  # not included

    def around(self, rows: QuerySet[LogEntry], kind: str = "") -> QuerySet[LogEntry]:
        """
        Return the rows that lie within, of one type or of all.

        Rows of an index are compared, once from below and once from above: SQLite
        begins and ends with one comparison each.
        """
        lead = {"type": Value(kind)} if kind else {}
        lowest, highest = self._lowest(lead), self._highest(lead)
        if lowest:
            rows = rows.filter(GreaterThanOrEqual(*_both(lowest)))
        if highest == lead and lead:
            return rows.filter(LessThanOrEqual(*_both(lead)))
        return rows.filter(LessThan(*_both(highest))) if highest else rows

    def _lowest(self, lead: dict[str, Value]) -> dict[str, Value]:
        return {**lead, "at": _time(self.since)} if self.since else lead

    def _highest(self, lead: dict[str, Value]) -> dict[str, Value]:
        if self.below and (self.until is None or self.below.at < self.until):
            return {**lead, "at": _time(self.below.at), "pk": Value(self.below.pk)}
        return {**lead, "at": _time(self.until)} if self.until else lead


def newest_first(bounds: Bounds, kind: str = "") -> QuerySet[LogEntry]:
    """
    Return entries, of one type or of all, by the index that has them in this order.

    The type leads the order and is compared as a range: with an equality the index by
    time would do as well, and a planner might prefer it.
    """
    lead = ["-type"] if kind else []
    return bounds.around(LogEntry.objects.all(), kind).order_by(*lead, "-at", "-pk")


def of_name(column: str, text: str) -> QuerySet[LogEntry]:
    """Return the entries that have a text in a column with an index, by that index."""
    name = _both({column: Value(text)})
    rows = LogEntry.objects.filter(GreaterThanOrEqual(*name), LessThanOrEqual(*name))
    return rows.exclude(**{column: ""}).order_by(column)  # as partial indexes say it


def among_these(rows: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
    """Return the same entries, which must be limited, to be filtered afterwards."""
    found = LogEntry.objects.all()
    found.query.join(_Selected(rows))
    return found


class _Selected(BaseTable):
    """A selection in the place of its table; its limit keeps conditions outside."""

    def __init__(self, rows: QuerySet[LogEntry]) -> None:
        super().__init__(LogEntry._meta.db_table, None)
        self._rows = rows

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        inner = self._rows.query.get_compiler(connection=connection)
        statement, values = inner.as_sql()
        name = compiler.quote_name_unless_alias(self.table_name)
        return f"({statement}) {name}", tuple(values)


def _both(values: Mapping[str, Value]) -> tuple[Func, Func]:
    """Return columns, and what they are compared with, as a row each."""
    return _row(values.keys()), _row(values.values())


def _row(parts: Iterable[Any]) -> Func:
    return Func(*parts, function="", output_field=BooleanField())


def _time(at: datetime) -> Value:
    return Value(at, DateTimeField())
