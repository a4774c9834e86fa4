"""Deliver what is due in the outbox to the tasks it names."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connections, router

from services.common.among import among, listed
from services.common.statements import NO_DATABASE, change
from services.dispatch.handlers import knows, run
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.claim import Claimed, claim
from services.dispatch.operations.ring import ring

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

MAX_ATTEMPTS = 8
FINISH = "DELETE FROM dispatch_outboxmessage WHERE id {ids} AND fence = %s"
WORKER_LOST = "the worker died or hung while doing this"
UNKNOWN_TASK = "this version has no such task; one that has it will go on"


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


def drain(*, clock: Clock, owner: str, limit: int = 500) -> int:
    """
    Deliver up to `limit` due messages; return how many were done.

    Each task is called once with all its keys, outside any transaction, and may be
    called again with the same ones: if it fails, key by key; if we die, by somebody
    else. What fails is tried later, and parked after eight tries, but never because the
    database is away or full; what this version of us does not know is parked at once,
    and comes back by `catch_up`.
    """
    done = 0
    for level in _levels_due(clock()):
        size = max(1, limit // level.share)
        while done < limit:
            messages = claim(
                now=clock(), owner=owner, attempts=level.attempts, limit=size
            )
            if not messages:
                break
            if len(messages) == limit:
                ring("dispatch.drain")  # there may be more: wake somebody else too
            done += _deliver_all(messages, clock)
    return done


def _levels_due(now: datetime) -> list[Level]:
    """Return where something is due: on SQLite claiming stops every other writer."""
    due = OutboxMessage.objects.due(now).values_list("attempts", flat=True)
    tried = set(due.distinct())
    return [level for level in LEVELS if not tried.isdisjoint(level.attempts)]


def _deliver_all(messages: Sequence[Claimed], clock: Clock) -> int:
    groups: dict[str, list[Claimed]] = defaultdict(list)
    for message in messages:
        if message.attempts < MAX_ATTEMPTS:
            groups[message.task].append(message)
        else:
            _put_back(message, now=clock(), reason=WORKER_LOST)
    return sum(_deliver(task, group, clock) for task, group in groups.items())


def _deliver(task: str, messages: Sequence[Claimed], clock: Clock) -> int:
    if not knows(task):
        return _park_unknown(task, messages, now=clock())
    failure = _failure(task, messages)
    if failure is None:
        return _finish(messages)
    if len(messages) > 1:  # which of them is it?
        return sum(_deliver(task, [message], clock) for message in messages)
    message = messages[0]
    attempts = message.attempts + 1
    if isinstance(failure, NO_DATABASE):  # no message is to blame, however often
        attempts = min(attempts, MAX_ATTEMPTS - 1)
    reason = f"{type(failure).__name__}: {failure}"[:500]
    _put_back(message._replace(attempts=attempts), now=clock(), reason=reason)
    return 0


def _failure(task: str, messages: Sequence[Claimed]) -> Exception | None:
    """Run a task for these messages and return why it failed, if it did."""
    keys = list(dict.fromkeys(message.key for message in messages))
    try:
        run(task, keys)
    except SoftTimeLimitExceeded:
        raise  # the worker is about to be killed; the lease will run out
    except Exception as failure:
        logger.warning("%s failed for %s", task, keys, exc_info=True)
        return failure
    return None


def _finish(messages: Sequence[Claimed]) -> int:
    """Remove messages that are still ours; one taken over by others stays."""
    connection = connections[router.db_for_write(OutboxMessage)]
    statement = FINISH.format(ids=among(connection, numbers=True))
    return sum(
        change(connection, statement, [listed(connection, ids), fence])
        for fence, ids in _ours(messages).items()
    )


def _park_unknown(task: str, messages: Sequence[Claimed], *, now: datetime) -> int:
    logger.error("parked %d of %s: %s", len(messages), task, UNKNOWN_TASK)
    for fence, ids in _ours(messages).items():
        OutboxMessage.objects.filter(pk__among=ids, fence=fence).update(
            lease_owner="",
            leased_until=None,
            parked_at=now,
            parked_reason=UNKNOWN_TASK,
        )
    return 0


def _ours(messages: Sequence[Claimed]) -> dict[int, list[int]]:
    """Return ids by fence: a row with another was taken over since it was claimed."""
    by_fence: dict[int, list[int]] = defaultdict(list)
    for message in messages:
        by_fence[message.fence].append(message.id)
    return by_fence


def _put_back(message: Claimed, *, now: datetime, reason: str) -> None:
    """Let a message wait for its next try, or park it after the last one."""
    parked = message.attempts >= MAX_ATTEMPTS
    if parked:
        logger.error("parked %s for %s: %s", message.task, message.key, reason)
    OutboxMessage.objects.filter(pk=message.id, fence=message.fence).update(
        attempts=message.attempts,
        available_at=now + timedelta(seconds=2**message.attempts),
        lease_owner="",
        leased_until=None,
        parked_at=now if parked else None,
        parked_reason=reason,
    )
