"""How long entries may wait for a checkpoint that covers them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connections, router

from services.common.statements import fetch, instant
from services.ledger.models import LogEntry

#: How many entries are in the tree, and covered; the oldest of those that are not
#: covered, which begins a bundle; when the oldest was written that is not in the tree.
WAITING_SQL = """
SELECT tree.size, covered.size,
       (SELECT SUBSTR(entry_ids, 1, 8) FROM ledger_bundle WHERE start = covered.size),
       (SELECT at FROM ledger_logentry
         WHERE id = (SELECT min(first_id) FROM ledger_pendingentries))
  FROM (SELECT coalesce(max(size), 0) AS size FROM ledger_treehead) tree,
       (SELECT coalesce(max(size), 0) AS size FROM ledger_checkpoint) covered
"""


class Unsigned(NamedTuple):
    """Entries in the tree that no checkpoint covers, and since when."""

    entries: int
    since: datetime | None


def unsigned() -> Unsigned:
    """Return what is in the tree and not signed."""
    size, covered, placed, _pending_since = _waiting()
    return Unsigned(size - covered, _written_at(placed))


def proof_is_late(now: datetime) -> bool:
    """
    Tell whether any entry waits longer for its proof than the settings allow.

    An idle log is never late: what waits counts, not the age of the last checkpoint.
    """
    grace = settings.PROOF_GRACE
    if grace is None:
        return False
    _size, _covered, placed, pending_since = _waiting()
    since = pending_since if placed is None else _written_at(placed)
    return since is not None and since <= now - grace


def _waiting() -> tuple[int, int, int | None, datetime | None]:
    connection = connections[router.db_for_read(LogEntry)]
    ((size, covered, placed, since),) = fetch(connection, WAITING_SQL, ())
    first = None if placed is None else int.from_bytes(bytes(placed), "big")
    return size, covered, first, instant(since)


def _written_at(pk: int | None) -> datetime | None:
    if pk is None:
        return None
    return LogEntry.objects.filter(pk=pk).values_list("at", flat=True).first()
