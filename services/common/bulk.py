"""Insert many rows of one table at the price of one statement, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


def insert_rows(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> None:
    """
    Insert rows of database values; no defaults, no signals, no ids returned.

    PostgreSQL gets COPY, SQLite executemany: neither grows with Django's limit on
    parameters. Every column without a database default has to be named.
    """
    if not rows:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"COPY {table} ({names}) FROM STDIN", rows)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608
                [[_sqlite_value(connection, each) for each in row] for row in rows],
            )


def _sqlite_value(connection: BaseDatabaseWrapper, value: object) -> Any:  # noqa: ANN401
    """Return a value as Django itself would have stored it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value


def _copy(
    cursor: CursorWrapper, statement: str, rows: Sequence[Sequence[object]]
) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def draw_ids(
    connection: BaseDatabaseWrapper, model: type[models.Model], count: int
) -> list[int]:
    """
    Return fresh ids for rows about to be inserted, in rising order.

    On SQLite the transaction already holds the only write lock (IMMEDIATE).
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
                " FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        start = last[0] + 1 if last else 1
        return list(range(start, start + count))
