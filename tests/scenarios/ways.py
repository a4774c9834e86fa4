"""The two ways to the departments: in this process, and over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from django.test import Client

from services.departments.gateways.choose import gateway
from services.departments.service.postman import deliver
from services.exchange.operations.receive import receive_answers
from tests.departments.serving import Clock, Remote, served

HANGS_FOR = 0.3  # seconds that we wait for a department that says nothing
LOCAL, HTTP = "in process", "over HTTP"
WAYS = (LOCAL, HTTP)
ANSWERS_URL = "http://testserver/exchange/answers"

BringLate = Callable[[datetime], None]


def bring_late(now: datetime) -> None:
    """Take in, in this process, what departments answer after our time-out."""
    for department, answer in gateway().late_answers(now=now):
        receive_answers(department=department, answers=[answer], now=now)


@contextmanager
def over_http(folder: Path) -> Generator[BringLate, None, None]:
    """Serve the departments on a port and lead every question there."""
    clock = Clock()
    with served(folder, clock) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        remote = Remote(url, clock, answers_url=ANSWERS_URL)

        def bring(now: datetime) -> None:
            clock.now = now
            deliver(server.house, _Door(now))

        with (
            patch("services.departments.gateways.choose._over_http", lambda *_: remote),
            patch("services.departments.gateways.line.PATIENCE", HANGS_FOR),
        ):
            yield bring


class _Response(NamedTuple):
    is_success: bool


class _Door:
    """What the departments' postman calls: our own address for late answers."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def post(self, url: str, *, content: bytes, headers: dict[str, str]) -> _Response:
        assert url == ANSWERS_URL
        kind = headers.pop("Content-Type")
        with patch("services.api.answers.timezone.now", lambda: self._now):
            answer = Client().post(
                "/exchange/answers", content, content_type=kind, headers=headers
            )
        return _Response(answer.status_code < 300)
