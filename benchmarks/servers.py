"""PostgreSQL, a broker and workers for one benchmark, in fresh folders under /tmp."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from celery import Celery

from onelicense.processes import Child
from onelicense.stack import NODE, PYTHON, WORKER, Stack
from tests.postgres import postgres

RIVAL_NODE = "rival@benchmarks"
RIVAL_QUEUE = "celery"
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "onelicense.settings",
    "SECRET_KEY": "benchmarks",
    "DEBUG": "0",  # with DEBUG Django keeps a list of every statement
    "ONELICENSE_DEMO": "1",
    "ONELICENSE_TIME_SCALE": "0",
}
# As in production: what was committed outlives a power cut.
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass
class Servers:
    """What runs, and the database's address in psycopg's own words."""

    stack: Stack
    database: str

    @property
    def socket(self) -> str:
        return str(self.stack.socket)

    def broker_client(self) -> redis.Redis:
        """Return a client of the database of the broker that the rival uses."""
        return redis.Redis(unix_socket_path=self.socket, db=1)

    def start_rival(self) -> None:
        """Start a plain Celery worker: same pool and concurrency, Celery's defaults."""
        command = [PYTHON, "-m", "celery", "-A", "benchmarks.chord", "worker"]
        child = Child(
            "rival",
            [*command, "-n", RIVAL_NODE, *WORKER],
            self.stack.folder / "log" / "rival.log",
            self.stack.environment,
        )
        self.stack.children["rival"] = child
        child.start()


@contextmanager
def servers() -> Iterator[Servers]:
    """Run PostgreSQL and Valkey, set Django up on them, migrate, load the catalogue."""
    with postgres() as addresses, tempfile.TemporaryDirectory(dir="/tmp") as folder:
        _be_durable(addresses["DATABASE_URL"])
        os.environ.pop("REDIS_URL", None)
        os.environ.update(SETTINGS | addresses)
        os.environ["ONELICENSE_UPLOAD_DIR"] = f"{folder}/uploads"
        os.environ["ONELICENSE_LOG_KEY"] = f"{folder}/log-key.pem"
        os.environ["ONELICENSE_WITNESS"] = f"{folder}/witness"
        with Stack(folder=Path(folder), environment=os.environ) as stack:
            stack.start_broker()
            os.environ["REDIS_URL"] = stack.environment["REDIS_URL"]
            _set_up_django()
            yield Servers(stack, addresses["DATABASE_URL"])


def _be_durable(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for name in DURABLE:
            connection.execute(f"ALTER SYSTEM SET {name} = on")
        connection.execute("SELECT pg_reload_conf()")


def _set_up_django() -> None:
    import django
    from django.core.management import call_command
    from django.utils import timezone

    import onelicense.celery  # noqa: F401  makes our app the current one

    django.setup()
    for alias in ("default", "departments"):
        call_command("migrate", database=alias, verbosity=0)
    from django.conf import settings

    from services.accounts.operations.seed_staff import seed_staff
    from services.catalogue.operations.load import load_catalogue

    load_catalogue(directory=settings.CATALOGUE_DIR, now=timezone.now())
    seed_staff(seed=1, now=timezone.now())


def wait_until_up(app: Celery, node: str, *, within_s: float = 60) -> None:
    """Wait until a worker answers."""
    deadline = time.monotonic() + within_s
    while not app.control.ping([node], timeout=0.3):
        if time.monotonic() > deadline:
            sys.exit(f"{node} does not answer")


__all__ = ["NODE", "RIVAL_NODE", "RIVAL_QUEUE", "Servers", "servers"]
