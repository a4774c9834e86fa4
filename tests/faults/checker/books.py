"""Read both databases with plain SQL, on PostgreSQL and on SQLite alike."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg

Row = dict[str, Any]
Ask = Callable[[str], list[Row]]


class Books:
    """What stands in our database and in the departments'."""

    def __init__(self, ours: Ask, theirs: Ask) -> None:
        self.ours = ours
        self.theirs = theirs

    def count(self, words: str) -> int:
        """Return the only number that a statement gives."""
        [row] = self.ours(words)
        return int(next(iter(row.values())))


def postgresql(url: str) -> Ask:
    """Return how to ask a PostgreSQL; a connection per question outlives its death."""

    def ask(words: str) -> list[Row]:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return rows(connection.execute(words))

    return ask


def sqlite(file: Path) -> Ask:
    """Return how to ask a SQLite file."""

    def ask(words: str) -> list[Row]:
        with closing(sqlite3.connect(file, timeout=20)) as connection:
            return rows(connection.execute(words))

    return ask


def rows(cursor: Any) -> list[Row]:
    """Return what a cursor of either driver holds."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def moment(value: Any) -> datetime | None:
    """Return an instant; SQLite keeps it as text in UTC."""
    if value is None:
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day(value: Any) -> date | None:
    """Return a date; SQLite keeps it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def parsed(value: Any) -> Any:
    """Return what stands in a JSON column."""
    return json.loads(value) if isinstance(value, str) else value
