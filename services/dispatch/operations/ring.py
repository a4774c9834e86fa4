"""
Ring the bell: tell a worker by Celery that the database holds work for it.

A bell that rings already is not rung again: who hears it looks at the database only
afterwards, and finds what has been committed since. A mark in the broker says so.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from kombu import Connection, Producer
from kombu.pools import producers

logger = logging.getLogger(__name__)

# A bell that nobody hears costs little: `dispatch.tick` finds what it announced. So
# it may not hold up a filing: one short try, then silence for a while.
TIMEOUT_S = 0.5
SILENCE_S = 10.0
SAY_SO_EVERY_S = 60.0
# A bell may get lost with its broker; then its mark must not silence others for long.
RINGS_MS = 1000


@dataclass(frozen=True)
class Bell:
    """One message to send; of equal ones in a transaction the first is sent."""

    task: str
    arguments: tuple[tuple[str, str], ...]

    def __call__(self, rung: set[Bell]) -> None:
        if self not in rung:
            rung.add(self)
            _line.send(self.task, dict(self.arguments))


class Line:
    """The line to the broker, cut for a while after it failed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._silent_until = 0.0
        self._said_at = -SAY_SO_EVERY_S

    def send(self, task: str, arguments: dict[str, str]) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            _publish(task, arguments)
        except SoftTimeLimitExceeded:
            raise
        except Exception as failure:  # noqa: BLE001  transports raise what they like
            self._cut(failure)

    def restore(self) -> None:
        """Try again with the next bell."""
        self._silent_until = 0.0
        self._said_at = -SAY_SO_EVERY_S

    def _cut(self, failure: Exception) -> None:
        with self._lock:
            now = time.monotonic()
            self._silent_until = now + SILENCE_S
            if now - self._said_at < SAY_SO_EVERY_S:
                return
            self._said_at = now
        logger.warning("the broker does not answer, work waits: %s", failure)


_line = Line()


def ring(task: str, **arguments: str) -> None:
    """
    Tell a worker, once this transaction is committed, to run a task.

    Never raises for a broker that is down, and never waits long for it.
    """
    bell = Bell(task, tuple(sorted(arguments.items())))
    rung = _rung_by_this_transaction()
    rung.discard(bell)
    transaction.on_commit(partial(bell, rung))


def _rung_by_this_transaction() -> set[Bell]:
    """Return the set that all bells of the open transaction share."""
    for _, hook, _ in reversed(transaction.get_connection().run_on_commit):
        if isinstance(hook, partial) and isinstance(hook.func, Bell):
            rung: set[Bell] = hook.args[0]
            return rung
    return set()


@lru_cache(maxsize=4)
def _broker(url: str) -> Connection:
    """Return how to reach a broker, impatiently; by it the pool knows its own."""
    options = {
        **current_app.conf.broker_transport_options,
        "socket_connect_timeout": TIMEOUT_S,
        "socket_timeout": TIMEOUT_S,
        "max_retries": 0,
    }
    return current_app.connection_for_write(url, transport_options=options)


def hear(task: str, arguments: dict[str, str]) -> None:
    """Take a bell's mark away before its work begins; never raises for the broker."""
    with suppress(Exception), _producer() as producer:
        if (marks := _marks(producer)) is not None:
            marks.delete(_mark(task, arguments))


def _publish(task: str, arguments: dict[str, str]) -> None:
    with _producer() as producer:
        if _rings_already(producer, task, arguments):
            return
        current_app.send_task(
            task,
            kwargs=arguments,
            producer=producer,
            retry=False,
            ignore_result=True,
        )


def _rings_already(producer: Producer, task: str, arguments: dict[str, str]) -> bool:
    marks = _marks(producer)
    if marks is None:
        return False
    return not marks.set(_mark(task, arguments), 1, nx=True, px=RINGS_MS)


def _producer() -> AbstractContextManager[Producer]:
    connection = _broker(current_app.conf.broker_write_url)
    producer: AbstractContextManager[Producer] = producers[connection].acquire(
        timeout=TIMEOUT_S
    )
    return producer


def _marks(producer: Producer) -> Any:
    """Return the broker as a store of marks; None where it is none."""
    return getattr(producer.channel, "client", None)


def _mark(task: str, arguments: dict[str, str]) -> str:
    return f"rings:{task}:{json.dumps(arguments, sort_keys=True)}"
