"""Statements that PostgreSQL keeps ready for a session, so that it plans them once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql import base as postgresql

Cursor: Any = postgresql.ServerBindingCursor  # newer than its types


def change_prepared(
    connection: BaseDatabaseWrapper, statement: str, values: Mapping[str, Any]
) -> int:
    """
    Execute a statement in the open transaction; return how many rows it met.

    Its values are bound by the server. It is kept ready if the settings allow it
    (`prepare_threshold`), and just executed otherwise.
    """
    cursor = Cursor(connection.connection)
    logged = connection.queries_logged
    wrap = connection.make_debug_cursor if logged else connection.make_cursor
    with wrap(cursor) as wrapped:
        wrapped.execute(statement, values)
        return int(wrapped.rowcount)
