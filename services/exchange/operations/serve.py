"""Ask a department everything that waits for it, many questions at a time."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from services.dispatch.operations.ring import ring
from services.exchange.claim import claim
from services.exchange.inquire import inquire
from services.exchange.models import Exchange
from services.exchange.operations.ask import SERVE
from services.exchange.operations.settle import settle
from services.exchange.queries import departments_due

Clock = Callable[[], datetime]

BATCH = 200
AT_MOST = timedelta(seconds=20)  # well within a task's time limit


def serve_department(*, code: str, clock: Clock, batch: int = BATCH) -> int:
    """
    Ask one department what is due; return how many exchanges were written.

    Goes on while whole batches wait, but not for long: what is left is rung for anew.
    Safe to run twice at once.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    end = clock() + AT_MOST
    written = 0
    while True:
        exchanges = claim(department=code, owner=owner, now=clock(), limit=batch)
        written += _ask(exchanges, clock) if exchanges else 0
        if len(exchanges) < batch:
            return written
        if clock() >= end:
            ring(SERVE, code=code)
            return written


def serve_all(*, clock: Clock) -> int:
    """Ask every department what is due, in this process; for tests and scripts."""
    return sum(
        serve_department(code=code, clock=clock) for code in departments_due(clock())
    )


def sweep(*, now: datetime) -> list[str]:
    """Ring for every department with due exchanges, whoever forgot them."""
    due = departments_due(now)
    for code in due:
        ring(SERVE, code=code)
    return due


def _ask(exchanges: list[Exchange], clock: Clock) -> int:
    started_at = clock()
    answers = inquire(exchanges, now=started_at)
    results = settle(
        batch=exchanges, answers=answers, started_at=started_at, now=clock()
    )
    return len(results)
