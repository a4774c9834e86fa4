"""Which rows an operation wrote, and the same rows written by bare psycopg."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.string import TextLoader

# One row a day, changed by every filing: the copies do without it.
SHARED = frozenset({"cases_numberseries"})
AS_TEXT = ("json", "jsonb")

Rows = Mapping[str, Sequence[tuple[Any, ...]]]  # by table


@dataclass(frozen=True)
class Written:
    """All rows that one operation left behind, by table."""

    rows: Rows

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


class Source:
    """The database that ours writes to, seen by the transactions that wrote a row."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._connection = connect(address)
        names = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        self.tables = sorted({name for (name,) in names} - SHARED)

    def mark(self) -> int:
        """Return a number between the transactions before and after this moment."""
        row = self._connection.execute(
            "SELECT pg_current_xact_id()::text::bigint"
        ).fetchone()
        assert row
        return int(row[0])

    def written(self, marks: Sequence[int]) -> list[Written]:
        """Return what was written between each mark and the next one."""
        found: list[dict[str, list[tuple[Any, ...]]]] = [
            defaultdict(list) for _ in marks[1:]
        ]
        query = sql.SQL(
            "SELECT xmin::text::bigint, * FROM {} WHERE xmin::text::bigint > %s"
            " AND xmin::text::bigint < %s"
        )
        for table in self.tables:
            rows = self._connection.execute(
                query.format(sql.Identifier(table)), (marks[0], marks[-1])
            )
            for number, *row in rows:
                place = bisect_right(marks, number) - 1
                found[place][table].append(tuple(row))
        return [Written(rows) for rows in found]

    def columns(self) -> dict[str, list[str]]:
        """Return the columns of each table in their order."""
        query = sql.SQL("SELECT * FROM {} LIMIT 0")
        return {
            table: [
                column.name
                for column in self._connection.execute(
                    query.format(sql.Identifier(table))
                ).description
                or ()
            ]
            for table in self.tables
        }

    def close(self) -> None:
        self._connection.close()


def connect(address: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Return a connection that reads JSON as the text it is written from."""
    connection = psycopg.connect(address, autocommit=True)
    for name in AS_TEXT:
        connection.adapters.register_loader(name, TextLoader)
    return connection


def copy_database(address: str, name: str) -> str:
    """Make a copy of a database that nobody uses right now; return its address."""
    start, _, source = address.rpartition("/")
    with psycopg.connect(f"{start}/postgres", autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
    return f"{start}/{name}"


class Copyist:
    """
    Writes rows that ours wrote: one multi-row INSERT per table, one transaction each.

    The keys are given, the statements prepared: nothing is left but to write.
    """

    def __init__(self, address: str, columns: Mapping[str, Sequence[str]]) -> None:
        self._connection = connect(address)
        self._columns = columns
        self._statements: dict[tuple[str, int], sql.Composed] = {}

    def write(self, written: Written) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table, rows in written.rows.items():
                values = [value for row in rows for value in row]
                cursor.execute(self._statement(table, len(rows)), values, prepare=True)

    def compare(self, all_written: Iterable[Written]) -> int:
        """
        Return how many of the rows written the copy holds: all of them.

        :raises AssertionError: if a table holds other rows than were written.
        """
        wanted: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        for written in all_written:
            for table, rows in written.rows.items():
                wanted[table].update(map(_frozen, rows))
        for table, expected in wanted.items():
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
            held = {_frozen(row) for row in self._connection.execute(query)}
            assert expected <= held, f"{table}: {len(expected - held)} rows lack"
        return sum(map(len, wanted.values()))

    def close(self) -> None:
        self._connection.close()

    def _statement(self, table: str, count: int) -> sql.Composed:
        known = self._statements.get((table, count))
        if known is None:
            columns = self._columns[table]
            places = sql.SQL(f"({', '.join(['%s'] * len(columns))})")
            known = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.SQL(", ").join([places] * count),
            )
            self._statements[table, count] = known
        return known


def _frozen(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
