"""Who looked at somebody's data, and where data about them was fetched (数据足迹)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from services.ledger.explore import pseudonyms_of
from services.ledger.models import LogEntry
from services.ledger.queries import LogLine, lines_of

LOOKS = (
    *("entity.viewed", "evidence.viewed", "upload.viewed"),
    *("log.viewed", "log.exported"),
)
FETCHES = (
    *("exchange.answered", "exchange.reused"),
    *("assist.answered", "dispute.answered"),
)


def accesses(
    *,
    names: Sequence[str],
    cases: Collection[str],
    types: Sequence[str] = LOOKS + FETCHES,
    before: int | None = None,
    limit: int,
) -> list[LogLine]:
    """
    Return accesses to data of these subjects ("kind:key"), or in cases, newest first.

    :param before: only entries with a lower id.
    """
    rows = _of(names, cases).filter(type__in=types)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return lines_of(rows.order_by("-pk")[:limit])


def access(pk: int, *, names: Sequence[str], cases: Collection[str]) -> LogLine | None:
    """Return one access to these subjects' data, or None where it is another's."""
    rows = _of(names, cases).filter(pk=pk, type__in=LOOKS + FETCHES)
    return next(iter(lines_of(rows)), None)


def _of(names: Sequence[str], cases: Collection[str]) -> QuerySet[LogEntry]:
    about = Q(subject__in=pseudonyms_of(*names))
    return LogEntry.objects.filter(about | Q(case__among=cases))
