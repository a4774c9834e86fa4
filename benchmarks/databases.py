"""Copies of both databases, and which of them this process and its workers use."""

from __future__ import annotations

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from benchmarks.copies import copy_database
from onelicense.stack import Stack
from tests.postgres import DATABASES

ADDRESSES = {"default": "DATABASE_URL", "departments": "DEPARTMENTS_DATABASE_URL"}
FIRST = ""


class Databases:
    """Pairs of databases on one server; the first has no name of its own."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._folder = stack.environment["DATABASE_URL"].rpartition("/")[0]

    def copy(self, source: str, target: str) -> None:
        """Copy a pair; no worker may be at it."""
        let_go()
        for variable in ADDRESSES.values():
            address = f"{self._folder}/{_name(source, variable)}"
            copy_database(address, _name(target, variable))

    def use(self, pair: str) -> None:
        """Have this process, and every worker that starts from now on, use a pair."""
        let_go()
        for alias, variable in ADDRESSES.items():
            name = _name(pair, variable)
            connections[alias].settings_dict["NAME"] = name
            self._stack.environment[variable] = f"{self._folder}/{name}"
        witness = self._stack.folder / f"{pair or 'first'}-witness"
        self._stack.environment["ONELICENSE_WITNESS"] = str(witness)

    def write_out(self) -> None:
        """Have the server write what it still holds back, as of copies and growth."""
        with connections["default"].cursor() as cursor:
            cursor.execute("CHECKPOINT")


def _name(pair: str, variable: str) -> str:
    return f"{pair}{DATABASES[variable]}"


def let_go() -> None:
    """Close this process' connections: who has guests cannot be copied."""
    for alias in ADDRESSES:
        connection = connections[alias]
        assert isinstance(connection, DatabaseWrapper)
        connection.close()
        connection.close_pool()
