"""Is everything moving? The database tells, not the depth of a broker."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from django.db import Error, connections
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from services.dispatch.queries import next_periodic_at, outbox_depth
from services.exchange.unasked import unasked
from services.ledger.grace import proof_is_late, unsigned
from services.ledger.queries import integrity

PATIENCE_S = 2.0
SERVICE_UNAVAILABLE = 503
# What is due is done within a second; this long means that nobody does it.
LATE = timedelta(seconds=60)
TICK_LATE = timedelta(seconds=20)

log = logging.getLogger(__name__)


class Check(NamedTuple):
    """One thing that has to move: how much of it waits, and since when."""

    name: str
    ok: bool
    waiting: int = 0
    since: datetime | None = None


AWAY = (Check("database", ok=False),)


@require_GET
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while everything moves, else 503; with what does not."""
    found = _looker.look()
    ready = all(check.ok for check in found)
    body = {"ready": ready, "checks": [check._asdict() for check in found]}
    response = JsonResponse(body, status=200 if ready else SERVICE_UNAVAILABLE)
    response.headers["Cache-Control"] = "no-store"
    return response


def checks(now: datetime) -> tuple[Check, ...]:
    """
    Look at everything that has to move.

    :raises django.db.Error: if the database is away.
    """
    return (
        Check("database", ok=True),
        _tick(now),
        _outbox(now),
        _exchanges(now),
        _log(now),
        _proof(now),
        Check("asking", ok=not proof_is_late(now)),
    )


def _tick(now: datetime) -> Check:
    """Each tick moves the time at which periodic work is due."""
    due_at = next_periodic_at()
    moves = due_at is not None and due_at > now - TICK_LATE
    return Check("tick", moves, since=due_at)


def _outbox(now: datetime) -> Check:
    depth = outbox_depth(now)
    return _waiting("outbox", depth.due, depth.oldest_due_at, now)


def _exchanges(now: datetime) -> Check:
    left = unasked(now)
    return _waiting("exchanges", left.exchanges, left.oldest_due_at, now)


def _log(now: datetime) -> Check:
    log_now = integrity()
    return _waiting("log", log_now.pending, log_now.oldest_pending_at, now)


def _proof(now: datetime) -> Check:
    """What is in the tree has to be signed; waiting for the tree is the log's check."""
    bare = unsigned()
    return _waiting("proof", bare.entries, bare.since, now)


def _waiting(name: str, count: int, since: datetime | None, now: datetime) -> Check:
    return Check(name, since is None or since > now - LATE, count, since)


class Looker:
    """
    Look in a thread of its own, and do not wait long for it.

    A database that is away or locked holds one thread, however often we are asked.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readyz")
        self._lock = Lock()
        self._looking: Future[tuple[Check, ...]] | None = None

    def look(self) -> tuple[Check, ...]:
        try:
            return self._look_again().result(timeout=PATIENCE_S)
        except (Error, TimeoutError) as failure:
            log.warning("the database does not answer: %r", failure)
            return AWAY

    def _look_again(self) -> Future[tuple[Check, ...]]:
        with self._lock:
            if self._looking is None or self._looking.done():
                self._looking = self._threads.submit(_checks_of_now)
            return self._looking


def _checks_of_now() -> tuple[Check, ...]:
    try:
        return checks(timezone.now())
    finally:
        connections.close_all()


_looker = Looker()
