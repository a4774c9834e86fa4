"""Ids for rows that are about to be inserted."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

_sequences: dict[tuple[str, str], str] = {}


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
                "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
                [sequence_of(connection, model), count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        start = last[0] + 1 if last else 1
        return list(range(start, start + count))


def sequence_of(connection: BaseDatabaseWrapper, model: type[models.Model]) -> str:
    """Return what ids of a table are drawn from; to ask costs as much as to draw."""
    table = model._meta.db_table
    key = (connection.alias, table)
    if key not in _sequences:
        with connection.cursor() as cursor:
            quoted = connection.ops.quote_name(table)
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [quoted])
            _sequences[key] = cursor.fetchone()[0]
    return _sequences[key]
