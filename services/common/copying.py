"""COPY of rows into PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db.backends.utils import CursorWrapper

COPIED_AT_ONCE = 1_000  # rows


def copy_rows(
    cursor: CursorWrapper, statement: str, rows: Sequence[Sequence[object]]
) -> None:
    """
    Copy rows into a table.

    Where all types are plain their text is made here, column by column: psycopg takes
    each value by itself, which is several times slower.
    """
    instants = cache(str)  # a batch holds the same few times again and again
    with cursor.copy(statement) as copy:
        for start in range(0, len(rows), COPIED_AT_ONCE):
            some = rows[start : start + COPIED_AT_ONCE]
            columns = [_texts(column) for column in zip(*some, strict=True)]
            if all(columns):
                lines = map("\t".join, zip(*columns, strict=True))
                copy.write("\n".join([*lines, ""]))
                continue
            for row in some:
                copy.write_row([instants(v) if type(v) is datetime else v for v in row])


def _texts(column: Sequence[Any]) -> list[str]:
    """Return a column in COPY's text format, or nothing if its type is not plain."""
    kinds = set(map(type, column))
    write = PLAIN.get(kinds.pop())
    return write(column) if write and not kinds else []


def _escaped(texts: Sequence[str]) -> list[str]:
    together = "".join(texts)
    if not any(mark in together for mark in ESCAPES):
        return list(texts)
    escapes = str.maketrans(ESCAPES)
    return [text.translate(escapes) for text in texts]


# PostgreSQL, "COPY: Text Format"; no type that could be NULL.
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
PLAIN: dict[type, Callable[[Sequence[Any]], list[str]]] = {
    str: _escaped,
    int: lambda numbers: list(map(str, numbers)),
    bytes: lambda values: [f"\\\\x{value.hex()}" for value in values],
    datetime: lambda instants: list(map(cache(str), instants)),
}
