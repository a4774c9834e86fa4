"""Put work into the outbox, in the transaction that makes it necessary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connections, router

from services.common.bulk import insert_rows
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.ring import ring

COLUMNS = (
    "task",
    "key",
    "created_at",
    "available_at",
    "attempts",
    "lease_owner",
    "fence",
    "parked_reason",
)


class Message(NamedTuple):
    """Run a task for a key, now or at a time. The task takes `keys=[…]`."""

    task: str
    key: str
    at: datetime | None = None


def send(task: str, key: str, *, now: datetime, at: datetime | None = None) -> None:
    """Send one message; see `send_many`."""
    send_many([Message(task, key, at)], now=now)


def send_many(messages: Iterable[Message], *, now: datetime) -> None:
    """
    Put messages into the outbox and ring for those that are due.

    They are delivered at least once, equal ones perhaps together: the task has to
    be idempotent.
    """
    distinct = list(dict.fromkeys(messages))
    insert_rows(
        connections[router.db_for_write(OutboxMessage)],
        OutboxMessage,
        COLUMNS,
        [
            (task, key, now, at if at else now, 0, "", 0, "")
            for task, key, at in distinct
        ],
    )
    if any(message.at is None or message.at <= now for message in distinct):
        ring("dispatch.drain")
