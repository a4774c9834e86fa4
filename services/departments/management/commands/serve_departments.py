"""Run the simulated departments and the hub as an HTTP service of their own."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from services.common.errors import DomainError
from services.departments.gateways.contract import HUB
from services.departments.hub import lines
from services.departments.service.postman import start_postman
from services.departments.service.private_keys import private_keys
from services.departments.service.resources import House
from services.departments.service.server import Server

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    """Serve until SIGTERM or Ctrl-C. Of the databases only the departments' is used."""

    help = "serve_departments --port P [--host H]"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *_args: Any, **options: Any) -> None:
        public: Path = settings.DEPARTMENTS_KEYS
        try:
            keys = private_keys([*lines(), HUB], public=public)
            house = House(keys, timezone.now, settings.TIME_SCALE)
            server = Server((options["host"], options["port"]), house)
        except (DomainError, OSError, ValueError) as wrong:
            raise CommandError(f"the departments cannot be served: {wrong}") from wrong
        stop = Event()
        for number in STOP_SIGNALS:
            signal.signal(number, lambda *_: stop.set())
        start_postman(house, stop)
        Thread(target=server.serve_forever, daemon=True).start()
        self.stdout.write(
            f"departments: http://{options['host']}:{server.server_port}"
            f" (keys in {public.parent})"
        )
        self.stdout.flush()
        stop.wait()
        server.shutdown()
