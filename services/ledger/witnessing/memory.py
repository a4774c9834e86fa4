"""What a witness has cosigned: a file of SQLite, on the disk before anybody is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS cosigned (
    number INTEGER PRIMARY KEY, origin TEXT NOT NULL, size INTEGER NOT NULL,
    note TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS cosigned_of_origin ON cosigned (origin, number);
"""
PATIENCE_S = 5.0  # with whoever else is writing
FAILURES = (sqlite3.Error, OSError)  # the file cannot be read or written just now


@dataclass(frozen=True)
class Turn:
    """One writer's turn: what it reads stays true until it is over."""

    connection: sqlite3.Connection

    def latest(self, origin: str) -> str:
        """Return the newest checkpoint of a log with its cosignature, or nothing."""
        row = self.connection.execute(
            "SELECT note FROM cosigned WHERE origin = ? ORDER BY number DESC LIMIT 1",
            (origin,),
        ).fetchone()
        return str(row[0]) if row else ""

    def keep(self, origin: str, *, size: int, note: str, at: int) -> None:
        """Keep a checkpoint as the newest of its log."""
        self.connection.execute(
            "INSERT INTO cosigned (origin, size, note, at) VALUES (?, ?, ?, ?)",
            (origin, size, note, at),
        )


class Memory:
    """The file; may be used by several threads and processes."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        with self._open() as connection:
            connection.executescript(SCHEMA)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Let nobody else write meanwhile; what was kept is on the disk afterwards."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Turn(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(
            self._file, timeout=PATIENCE_S, isolation_level=None
        )
        try:
            connection.execute("PRAGMA synchronous = EXTRA")
            yield connection
        finally:
            connection.close()
