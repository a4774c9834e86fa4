"""Take work by lease and give it back: the one place with SQL of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from services.common.among import among, listed
from services.common.bulk import rows_parameter, rows_source
from services.common.statements import fetch, for_update, locked
from services.exchange.models import Exchange

LEASE = timedelta(seconds=20)  # longer than a call and its settling (deadlines.py)
# Further ahead no clock of ours can be: it was written before the clock was put back.
NO_LEASE = 2 * LEASE

DUE = """
SELECT id FROM exchange_exchange
 WHERE settled_at IS NULL AND department = %s
   AND next_attempt_at <= %s AND leased_until IS NULL
 ORDER BY next_attempt_at, id LIMIT %s
"""
# One statement takes the rows on both databases. PostgreSQL skips what another
# worker is taking; on SQLite there is one writer at a time.
TAKE = """
UPDATE exchange_exchange
   SET lease_owner = %s, leased_until = %s, fence = fence + 1
 WHERE id {due}
RETURNING {columns}
"""

# Times are the slowest to read; who asks a department needs only two of them.
NOT_READ = {"issued_at", "settled_at", "lease_owner", "leased_until"}
READ = ", ".join(
    f'"{field.column}"'
    for field in Exchange._meta.concrete_fields
    if field.name not in NOT_READ
)

HELD = """
SELECT id, fence FROM exchange_exchange
 WHERE settled_at IS NULL AND id {ids} ORDER BY id {for_update}
"""

GIVE_BACK = """
UPDATE exchange_exchange AS e
   SET state = v.state, outcome = v.outcome, code = v.code, via = v.via,
       evidence_id = v.evidence_id, answered_at = v.answered_at,
       settled_at = v.settled_at, next_attempt_at = v.next_attempt_at,
       attempts_made = e.attempts_made + 1, fence = e.fence + 1,
       lease_owner = '', leased_until = NULL
  FROM {rows}
 WHERE e.id = v.id AND e.fence = v.fence
"""


class Outcome(NamedTuple):
    """What becomes of one claimed exchange; the fields are columns."""

    id: int
    fence: int
    state: str
    outcome: str
    code: str
    via: str
    evidence_id: int | None
    answered_at: datetime
    settled_at: datetime | None
    next_attempt_at: datetime


def claim(*, department: str, owner: str, now: datetime, limit: int) -> list[Exchange]:
    """
    Return exchanges that are due and now leased to `owner`, the oldest first.

    A lease that ran out is no other's before the sweep has noted the lost call.
    """
    connection = connections[router.db_for_write(Exchange)]
    at = _instant(connection, now)
    until = _instant(connection, now + LEASE)
    with transaction.atomic(savepoint=False):
        taken = Exchange.objects.raw(
            TAKE.format(due=locked(connection, DUE), columns=READ),
            [owner, until, department, at, limit],
        )
        return sorted(taken, key=lambda row: (row.next_attempt_at, row.pk))


def held(exchanges: list[Exchange]) -> list[Exchange]:
    """
    Lock and return those whose lease nobody took over since they were claimed.

    Call it first in the transaction that writes: a late writer then changes nothing.
    """
    connection = connections[router.db_for_write(Exchange)]
    locking = HELD.format(
        ids=among(connection, numbers=True), for_update=for_update(connection)
    )
    keys = listed(connection, [exchange.pk for exchange in exchanges])
    current = dict(fetch(connection, locking, [keys]))
    return [
        exchange for exchange in exchanges if current.get(exchange.pk) == exchange.fence
    ]


def give_back(outcomes: Sequence[Outcome]) -> None:
    """Write what became of claimed exchanges, in one statement for all of them."""
    connection = connections[router.db_for_write(Exchange)]
    columns = Outcome._fields
    source = rows_source(connection, Exchange, columns)
    with connection.cursor() as cursor:
        cursor.execute(
            GIVE_BACK.format(rows=source),
            [rows_parameter(connection, columns, outcomes)],
        )


def _instant(connection: BaseDatabaseWrapper, at: datetime) -> object:
    """Return a time as this database compares it."""
    adapted: object = connection.ops.adapt_datetimefield_value(at)
    return adapted
