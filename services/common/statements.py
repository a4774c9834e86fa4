"""
Plain statements, for the few places that every filing and every answer goes through.

Putting a query together costs the ORM 0.3 to 0.7 ms, and PostgreSQL 0.05 ms to answer
it (docs/performance.md). SQL here is what both databases understand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

# The database is away, full or busy: no fault of what was to be written.
NO_DATABASE = (InterfaceError, OperationalError)


def fetch(
    connection: BaseDatabaseWrapper, statement: str, values: Sequence[object]
) -> list[tuple[Any, ...]]:
    """Return all rows of a SELECT; JSON comes as text."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _stored(connection, values))
        return list(cursor.fetchall())


def change(
    connection: BaseDatabaseWrapper, statement: str, values: Sequence[object]
) -> int:
    """Execute an UPDATE or DELETE; return how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _stored(connection, values))
        return int(cursor.rowcount)


def instant(stored: datetime | None) -> datetime | None:
    """Return a time that `fetch` read: SQLite keeps UTC without saying so."""
    if stored is None or stored.tzinfo:
        return stored
    return stored.replace(tzinfo=UTC)


def places(values: Sequence[object]) -> str:
    """Return one placeholder for each value, for `IN (…)`."""
    return ", ".join(["%s"] * len(values))


def for_update(connection: BaseDatabaseWrapper) -> str:
    """Return how rows are locked; SQLite's transactions lock the whole database."""
    locks = connection.features.has_select_for_update
    return str(connection.ops.for_update_sql()) if locks else ""


def locked(connection: BaseDatabaseWrapper, query: str) -> str:
    """
    Return the condition behind a column that it is among what a query finds and locks.

    PostgreSQL passes over what others have locked, and runs the query once. As a part
    of the plan it could be run again for each row, and find more each time.
    """
    if connection.vendor == "postgresql":
        return f"= ANY(ARRAY({query} FOR UPDATE SKIP LOCKED))"
    return f"IN ({query})"


def _stored(connection: BaseDatabaseWrapper, values: Sequence[object]) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(v) if isinstance(v, datetime) else v for v in values]
