"""A departments' service on a loopback port of this process, on the test's rows."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from unittest.mock import patch

from django.db import connections

from services.departments.gateways.contract import HUB
from services.departments.gateways.http import HttpGateway
from services.departments.hub import lines
from services.departments.router import ALIAS
from services.departments.service.private_keys import private_keys
from services.departments.service.resources import House
from services.departments.service.server import Server
from tests.clock import NOON


class Clock:
    """The departments' clock, which a test may set."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


class SameRows(Server):
    """Sees what the test has not committed: its threads share the test's connection."""

    def process_request_thread(self, request, client_address) -> None:
        connections[ALIAS] = self.shared
        super().process_request_thread(request, client_address)


@contextmanager
def served(folder: Path, clock: Clock) -> Generator[Server, None, None]:
    """Serve for as long as the block runs; the settings already name the keys."""
    keys = private_keys([*lines(), HUB], public=folder / "keys.json")
    shared = connections[ALIAS]
    shared.inc_thread_sharing()
    server = SameRows(("127.0.0.1", 0), House(keys, clock))
    server.shared = shared
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with patch(f"{Server.__module__}.close_old_connections"):
            yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        shared.dec_thread_sharing()


class Remote(HttpGateway):
    """Tells the departments what time it is: a test has one clock."""

    def __init__(self, url: str, clock: Clock, **options: str) -> None:
        super().__init__(url, **options)
        self._clock = clock

    def ask_many(self, *, now, **asked):
        self._clock.now = now
        return super().ask_many(now=now, **asked)

    def deposit(self, *, now, **given):
        self._clock.now = now
        return super().deposit(now=now, **given)
