"""One pool of database connections per process, whoever forked it."""

from __future__ import annotations

import os

from celery.fixups import django as celery_django
from django.db import connections

_of_parents: list[object] = []


def keep_pools() -> None:
    """Stop Celery from closing the pool around each task, under other threads."""
    worker = vars(celery_django)["DjangoWorkerFixup"]  # newer than its types
    worker._is_prefork = lambda _self: False  # noqa: SLF001  it offers no setting


def forget_connections() -> None:
    """
    Leave open connections and pools to the parent process.

    Two processes that speak on one socket break it for both. They are kept in memory:
    whoever closes or collects one says goodbye to the server for the parent too.
    """
    for connection in connections.all(initialized_only=True):
        pools = getattr(connection, "_connection_pools", {})
        _of_parents.extend([connection.connection, *pools.values()])
        connection.connection = None
        pools.clear()


def prepare() -> None:
    """Prepare this process, and those that it forks."""
    keep_pools()
    os.register_at_fork(after_in_child=forget_connections)
