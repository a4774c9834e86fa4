"""Write many rows of one table at the price of one statement, on both databases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from services.common.copying import copy_rows
from services.common.ids import draw_ids

Rows = Sequence[Sequence[object]]
# Up to here one INSERT is quicker than COPY, which takes two turns; psycopg takes the
# statement apart at each value.
FEW = 50  # rows
FEW_VALUES = 400


def insert_rows(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Rows,
) -> None:
    """
    Insert rows of database values; no defaults, no signals, no ids returned.

    PostgreSQL gets COPY for many, SQLite executemany: neither grows with Django's
    limit on parameters. Every column without a database default has to be named, JSON
    is text.
    """
    if not rows:
        return
    target = _target(connection, model, columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and _are_few(rows):
            cursor.execute(_insert(target, columns, len(rows)), _flat(rows))
        elif connection.vendor == "postgresql":
            with connection.wrap_database_errors:  # Django's cursor copies unwrapped
                copy_rows(cursor, f"COPY {target} FROM STDIN", rows)
        else:
            _insert_each(connection, cursor, _insert(target, columns), rows)


class Insert(NamedTuple):
    """Rows for one table; see `insert_rows`."""

    model: type[models.Model]
    columns: Sequence[str]
    rows: Rows


def insert_together(connection: BaseDatabaseWrapper, *inserts: Insert) -> None:
    """
    Insert rows of several tables, few of them in one turn to the server.

    PostgreSQL reads several statements at once because Django binds parameters itself.
    """
    few = [each for each in inserts if each.rows and _are_few(each.rows)]
    if connection.vendor != "postgresql" or sum(len(each.rows) for each in few) > FEW:
        few = []
    tables = {each.model for each in few}
    for insert in inserts:
        if insert.model not in tables:
            insert_rows(connection, *insert)
    if not few:
        return
    statements = [
        _insert(_target(connection, model, columns), columns, len(rows))
        for model, columns, rows in few
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(statements), [each for one in few for each in _flat(one.rows)]
        )


def insert_new_rows(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Rows,
) -> int:
    """
    Insert rows as `insert_rows` does, passing over those that exist already.

    :returns: how many rows are new.
    """
    if not rows:
        return 0
    target = _target(connection, model, columns)
    ending = "ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and _are_few(rows):
            insert = _insert(target, columns, len(rows))
            cursor.execute(f"{insert} {ending}", _flat(rows))
        elif connection.vendor == "postgresql":
            source = _rows_as_text(connection, model, columns)
            cursor.execute(
                f"INSERT INTO {target} {source} {ending}",
                [rows_parameter(connection, columns, rows)],
            )
        else:
            insert = _insert(target, columns)
            _insert_each(connection, cursor, f"{insert} {ending}", rows)
        return int(cursor.rowcount)


def _rows_as_text(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
) -> str:
    """Return a SELECT of rows from one parameter that may hold JSON of their own."""
    quote = connection.ops.quote_name
    types = _types(model)
    values = ", ".join(f"{quote(c)}::{types[c]}" for c in columns)
    texts = ", ".join(f"{quote(c)} text" for c in columns)
    return f"SELECT {values} FROM json_to_recordset(%s::json) AS v({texts})"  # noqa: S608


@cache
def _types(model: type[models.Model]) -> dict[str, str]:
    """Return each column's type in the model's own database."""
    connection = connections[router.db_for_write(model)]
    return {
        str(field.column): str(field.rel_db_type(connection))
        for field in model._meta.local_concrete_fields
    }


def update_rows(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Rows,
) -> int:
    """
    Write columns of rows that exist, the id first; return how many there were.

    For texts, numbers and times. All rows go in one parameter, since quoting each
    value costs more than PostgreSQL takes to read them back from JSON.
    """
    if not rows:
        return 0
    key, *others = columns
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{name} = v.{name}" for name in others)
    source = rows_source(connection, model, columns)
    statement = f"UPDATE {table} AS t SET {sets} FROM {source} WHERE t.{key} = v.{key}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [rows_parameter(connection, columns, rows)])
        return int(cursor.rowcount)


def rows_source(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
) -> str:
    """Return how this database reads rows `v` from the one parameter."""
    if connection.vendor == "postgresql":
        types = _types(model)
        typed = ", ".join(f"{column} {types[column]}" for column in columns)
        return f"json_to_recordset(%s::json) AS v({typed})"
    names = [f"json_extract(value, '$.{c}') AS {c}" for c in columns]
    return f"(SELECT {', '.join(names)} FROM json_each(%s)) AS v"  # noqa: S608


def rows_parameter(
    connection: BaseDatabaseWrapper, columns: Sequence[str], rows: Rows
) -> str:
    """Return the parameter that `rows_source` reads."""
    adapt = connection.ops.adapt_datetimefield_value

    @cache
    def instant(value: datetime) -> str:
        """Return a time as text; a batch holds the same few of them again and again."""
        return str(adapt(value))

    def plain(value: Any) -> object:
        """Return what a prepared JSON column wraps; bytes and times as text."""
        if isinstance(value, datetime):
            return instant(value)
        if isinstance(value, bytes):
            return f"\\x{value.hex()}"
        return value.obj if hasattr(value, "obj") else str(value)

    return json.dumps(
        [dict(zip(columns, row, strict=True)) for row in rows],
        ensure_ascii=False,
        default=plain,
    )


def _target(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
) -> str:
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"


def _insert(target: str, columns: Sequence[str], rows: int = 1) -> str:
    places = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {target} VALUES {', '.join([places] * rows)}"  # noqa: S608


def _are_few(rows: Rows) -> bool:
    return len(rows) <= FEW and sum(map(len, rows)) <= FEW_VALUES


def _flat(rows: Rows) -> list[Any]:
    return list(chain.from_iterable(rows))


def _insert_each(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, statement: str, rows: Rows
) -> None:
    adapt = connection.ops.adapt_datetimefield_value

    def stored(value: object) -> Any:
        """Return a value as Django itself would have stored it."""
        if isinstance(value, datetime):
            return adapt(value)
        return value.isoformat() if isinstance(value, date) else value

    cursor.executemany(statement, [[stored(each) for each in row] for row in rows])


def with_ids(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    objects: Sequence[models.Model],
) -> Insert:
    """Give unsaved objects their ids and return them as rows."""
    for pk, each in zip(
        draw_ids(connection, model, len(objects)), objects, strict=True
    ):
        each.pk = pk
    return as_rows(connection, model, objects)


def as_rows(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    objects: Sequence[models.Model],
) -> Insert:
    """
    Return unsaved objects as rows, quicker than the ORM.

    Columns that no object has a value for are left out: ids are drawn, others are NULL.
    """
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if any(getattr(each, field.attname) is not None for each in objects)
    ]
    rows = [
        [f.get_db_prep_save(f.pre_save(each, add=True), connection) for f in fields]
        for each in objects
    ]
    return Insert(model, [str(field.column) for field in fields], rows)
