"""Put work into the outbox, in the transaction that makes it necessary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connections, router

from services.common.bulk import rows_parameter, rows_source
from services.common.statements import change
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.ring import ring

ROW = ("task", "key", "available_at")

# A message that nobody has claimed takes in an equal one. The lock on it keeps workers
# away until we have committed; one that is claimed already may have looked too early.
SEND = """
INSERT INTO dispatch_outboxmessage (task, key, available_at,
       created_at, attempts, lease_owner, fence, parked_reason)
SELECT v.task, v.key, v.available_at, %s, 0, '', 0, '' FROM {rows} WHERE true
    ON CONFLICT (task, key) WHERE fence = 0
    DO UPDATE SET available_at = excluded.available_at
        WHERE excluded.available_at < dispatch_outboxmessage.available_at
"""


class Message(NamedTuple):
    """Run a task for a key, now or at the latest at a time. It takes `keys=[…]`."""

    task: str
    key: str
    at: datetime | None = None


def send(task: str, key: str, *, now: datetime, at: datetime | None = None) -> None:
    """Send one message; see `send_many`."""
    send_many([Message(task, key, at)], now=now)


def send_many(messages: Iterable[Message], *, now: datetime) -> None:
    """
    Put messages into the outbox and ring for those that are due.

    They are delivered at least once: the task has to be idempotent. Equal ones that
    nobody has claimed yet are one, due when the first of them is.
    """
    earliest: dict[tuple[str, str], datetime] = {}
    for task, key, later in messages:
        at = later or now
        earliest[task, key] = min(at, earliest.get((task, key), at))
    if not earliest:
        return
    connection = connections[router.db_for_write(OutboxMessage)]
    source = rows_source(connection, OutboxMessage, ROW)
    # In one order everywhere, for each waits for the rows of the other.
    rows = [(*name, at) for name, at in sorted(earliest.items())]
    change(
        connection,
        SEND.format(rows=source),
        [now, rows_parameter(connection, ROW, rows)],
    )
    if min(earliest.values()) <= now:
        ring("dispatch.drain")
