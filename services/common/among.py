"""
Ask for many keys at the price of one parameter.

An IN list of hundreds costs the client more than the server: each value is quoted
and the statement taken apart at each placeholder. Here all keys are one text. Use
`__among` in place of `__in` where the keys are many and the statement is hot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, IntegerField, Lookup
from django.db.models.sql.compiler import SQLCompiler


def among(connection: BaseDatabaseWrapper, *, numbers: bool = False) -> str:
    """Return the condition that stands behind a column; its parameter is `listed`."""
    if connection.vendor == "postgresql":
        return f"= ANY(%s::{'bigint' if numbers else 'text'}[])"
    return "IN (SELECT value FROM json_each(%s))"


def listed(connection: BaseDatabaseWrapper, keys: Iterable[str | int]) -> str:
    """Return texts or numbers as one parameter."""
    if connection.vendor == "postgresql":
        return f"{{{','.join(map(_element, keys))}}}"
    return json.dumps(list(keys))


def _element(key: str | int) -> str:
    if isinstance(key, int):
        return str(key)
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Among(Lookup[Any]):
    """`field__among=keys`: one of these texts or numbers."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        keys = list(self.rhs)
        if not keys:
            raise EmptyResultSet
        column, values = self.process_lhs(compiler, connection)
        numbers = isinstance(_target(self.lhs.output_field), IntegerField)
        condition = among(connection, numbers=numbers)
        return f"{column} {condition}", (*values, listed(connection, keys))


def _target(field: Any) -> Any:
    return _target(field.target_field) if isinstance(field, ForeignKey) else field
