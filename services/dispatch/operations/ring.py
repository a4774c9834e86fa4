"""Ring the bell: tell a worker by Celery that the database holds work for it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from kombu import Connection
from kombu.pools import producers

logger = logging.getLogger(__name__)

# A bell that nobody hears costs little: `dispatch.tick` finds what it announced. So
# it may not hold up a filing: one short try, then silence for a while.
TIMEOUT_S = 0.5
SILENCE_S = 10.0
SAY_SO_EVERY_S = 60.0


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


def _publish(task: str, arguments: dict[str, str]) -> None:
    connection = _broker(current_app.conf.broker_write_url)
    with producers[connection].acquire(timeout=TIMEOUT_S) as producer:
        current_app.send_task(
            task,
            kwargs=arguments,
            producer=producer,
            retry=False,
            ignore_result=True,
        )
