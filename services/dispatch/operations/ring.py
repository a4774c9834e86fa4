"""Ring the bell: tell a worker by Celery that the database holds work for it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from threading import Lock

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError
from kombu.pools import producers

logger = logging.getLogger(__name__)

# A bell that nobody hears costs little: `dispatch.tick` finds what it announced. So
# it may not hold up a filing: one short try, then silence for a while.
TIMEOUT_S = 0.5
SILENCE_S = 10.0
SAY_SO_EVERY_S = 60.0


@dataclass(frozen=True)
class Bell:
    """One message to send; equal ones are rung once in a transaction."""

    task: str
    arguments: tuple[tuple[str, str], ...]

    def __call__(self) -> None:
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
        except (KombuError, OSError) as failure:
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
    waiting = transaction.get_connection().run_on_commit
    if any(bell == hook[1] for hook in waiting):
        return
    transaction.on_commit(bell, robust=True)


def _publish(task: str, arguments: dict[str, str]) -> None:
    options = {
        **current_app.conf.broker_transport_options,
        "socket_connect_timeout": TIMEOUT_S,
        "socket_timeout": TIMEOUT_S,
        "max_retries": 0,
    }
    connection = current_app.connection_for_write(transport_options=options)
    try:
        with producers[connection].acquire(timeout=TIMEOUT_S) as producer:
            current_app.send_task(
                task,
                kwargs=arguments,
                producer=producer,
                retry=False,
                ignore_result=True,
            )
    except connection.connection_errors + connection.channel_errors as failure:
        raise OperationalError(str(failure)) from failure
