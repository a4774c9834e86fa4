"""Take messages out of the outbox by lease, so that two workers never share one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connections, router

from services.common.statements import fetch, locked
from services.dispatch.models import OutboxMessage

LEASE = timedelta(seconds=25)
#: So far apart may two honest clocks be, or a clock that was read and its use. What is
#: still further ahead was written by one that has been put back since.
SKEW = timedelta(seconds=10)

DUE = """
SELECT id FROM dispatch_outboxmessage
 WHERE parked_at IS NULL AND attempts >= %s AND attempts < %s
   AND available_at <= %s AND (leased_until IS NULL OR leased_until <= %s)
 ORDER BY available_at, id LIMIT %s
"""
CLAIM = """
UPDATE dispatch_outboxmessage
   SET lease_owner = %s, leased_until = %s, fence = fence + 1,
       attempts = attempts + CASE WHEN leased_until IS NULL THEN 0 ELSE 1 END
 WHERE id {due}
RETURNING id, task, key, attempts, fence
"""


class Claimed(NamedTuple):
    """A message that is ours until its lease is over."""

    id: int
    task: str
    key: str
    attempts: int
    fence: int  # only whoever knows it may finish the message


def claim(*, now: datetime, owner: str, attempts: range, limit: int) -> list[Claimed]:
    """
    Lease due messages that were tried so often before, the oldest first.

    A message whose last holder never came back counts that as an attempt.
    """
    connection = connections[router.db_for_write(OutboxMessage)]
    rows = fetch(
        connection,
        CLAIM.format(due=locked(connection, DUE)),
        [owner, now + LEASE, attempts.start, attempts.stop, now, now, limit],
    )
    return sorted(Claimed(*row) for row in rows)
