"""Deliver what is due in the outbox to the tasks it names."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded

from services.dispatch.models import OutboxMessage
from services.dispatch.operations.claim import claim
from services.dispatch.operations.ring import ring

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
WORKER_LOST = "the worker died or hung while doing this"


class Level(NamedTuple):
    """Messages tried so often go together in batches of this size."""

    attempts: range
    share: int  # of the limit: 1/share


# One poisonous message can take the worker down with its whole batch. Smaller
# batches on each new try part it from its innocent neighbours before they are parked.
LEVELS = (
    Level(range(1), 1),
    Level(range(1, 2), 8),
    Level(range(2, 3), 64),
    Level(range(3, MAX_ATTEMPTS), 10**9),
)


def drain(*, now: datetime, owner: str, limit: int = 500) -> int:
    """
    Deliver up to `limit` due messages; return how many were done.

    Each task is called once with all its keys, outside any transaction, and may be
    called again with the same ones: if it fails, key by key; if we die, by somebody
    else. What fails is tried later, and parked after eight tries.
    """
    done = 0
    for level in LEVELS:
        size = max(1, limit // level.share)
        while done < limit:
            messages = claim(now=now, owner=owner, attempts=level.attempts, limit=size)
            if not messages:
                break
            if len(messages) == limit:
                ring("dispatch.drain")  # there may be more: wake somebody else too
            done += _deliver_all(messages, now=now)
    return done


def _deliver_all(messages: Sequence[OutboxMessage], *, now: datetime) -> int:
    groups: dict[str, list[OutboxMessage]] = defaultdict(list)
    for message in messages:
        if message.attempts < MAX_ATTEMPTS:
            groups[message.task].append(message)
        else:
            _put_back(message, now=now, reason=WORKER_LOST)
    return sum(_deliver(task, group, now=now) for task, group in groups.items())


def _deliver(task: str, messages: Sequence[OutboxMessage], *, now: datetime) -> int:
    reason = _failure(task, messages)
    if not reason:
        return _finish(messages)
    if len(messages) > 1:  # which of them is it?
        return sum(_deliver(task, [message], now=now) for message in messages)
    message = messages[0]
    message.attempts += 1
    _put_back(message, now=now, reason=reason)
    return 0


def _failure(task: str, messages: Sequence[OutboxMessage]) -> str:
    """Run a task for these messages and return why it failed, if it did."""
    keys = list(dict.fromkeys(message.key for message in messages))
    try:
        _run(task, keys)
    except SoftTimeLimitExceeded:
        raise  # the worker is about to be killed; the lease will run out
    except Exception as failure:
        logger.warning("%s failed for %s", task, keys, exc_info=True)
        return f"{type(failure).__name__}: {failure}"[:500]
    return ""


def _run(task: str, keys: list[str]) -> None:
    if task not in current_app.tasks:  # outside a worker nobody has loaded them
        current_app.autodiscover_tasks(force=True)
    current_app.tasks[task].run(keys=keys)


def _finish(messages: Sequence[OutboxMessage]) -> int:
    """Remove messages that are still ours; one taken over by others stays."""
    done = 0
    for fence in {message.fence for message in messages}:
        ours = [message.pk for message in messages if message.fence == fence]
        rows = OutboxMessage.objects.filter(pk__in=ours, fence=fence)
        done += rows.delete()[0]
    return done


def _put_back(message: OutboxMessage, *, now: datetime, reason: str) -> None:
    """Let a message wait for its next try, or park it after the last one."""
    parked = message.attempts >= MAX_ATTEMPTS
    if parked:
        logger.error("parked %s for %s: %s", message.task, message.key, reason)
    OutboxMessage.objects.filter(pk=message.pk, fence=message.fence).update(
        attempts=message.attempts,
        available_at=now + timedelta(seconds=2**message.attempts),
        lease_owner="",
        leased_until=None,
        parked_at=now if parked else None,
        parked_reason=reason,
    )
