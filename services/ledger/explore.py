"""Look through the log: any filters together, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from services.ledger.entry import quote
from services.ledger.models import LogEntry, Pseudonym
from services.ledger.queries import EntryUnknown, LogLine, lines_of

PER_PAGE = 50
REACH = 100_000  # entries that one page looks through for what has no index
CHUNK = 2_000  # entries
NEWEST_FIRST = ("-at", "-pk")


class Filters(NamedTuple):
    """What is looked for, in clear; an empty member filters nothing."""

    since: datetime | None = None
    until: datetime | None = None  # not included
    type: str = ""
    case: str = ""
    licence: str = ""
    actor: str = ""  # a user name, a pseudonym, or a system's name
    office: str = ""
    outcome: str = ""
    code: str = ""
    purpose: str = ""  # how it begins


class Page(NamedTuple):
    """
    Some entries, newest first.

    `older` is the cursor of the next page, None at the end. `reached` tells how far
    this page looked back where it stopped before it was full.
    """

    lines: list[LogLine]
    older: int | None
    reached: datetime | None = None


def explore(
    filters: Filters, *, cursor: int | None = None, limit: int = PER_PAGE
) -> Page:
    """
    Return entries that pass the filters, older than the entry `cursor`.

    What has an index is asked of it; the rest is looked for among the next REACH
    entries, so that no page takes longer, however long the log is.

    :raises EntryUnknown: if there is no entry `cursor`.
    """
    rows = _indexed(filters)
    if cursor is not None:
        rows = _older(rows, *_place(cursor))
    sieve = _sieve(filters)
    edge = _edge(rows) if sieve else None
    if edge:
        at, pk = edge
        rows = rows.filter(at__gte=at).exclude(at=at, pk__lt=pk)
    found = list(rows.filter(sieve).order_by(*NEWEST_FIRST)[: limit + 1])
    lines = lines_of(found[:limit])
    if len(found) > limit:
        return Page(lines, found[limit - 1].pk)
    return Page(lines, edge[1], edge[0]) if edge else Page(lines, None)


def more_than(filters: Filters, most: int) -> bool:
    """Return whether more entries than that would have to be looked through."""
    places = _indexed(filters).order_by(*NEWEST_FIRST).values_list("pk")
    return bool(places[most : most + 1])


def all_found(filters: Filters) -> Iterator[LogLine]:
    """Yield every entry that passes the filters, newest first, in little memory."""
    cursor: int | None = None
    while True:
        page = explore(filters, cursor=cursor, limit=CHUNK)
        yield from page.lines
        cursor = page.older
        if cursor is None:
            return


def _indexed(filters: Filters) -> QuerySet[LogEntry]:
    rows = LogEntry.objects.all()
    if filters.since:
        rows = rows.filter(at__gte=filters.since)
    if filters.until:
        rows = rows.filter(at__lt=filters.until)
    if filters.type:
        rows = rows.filter(type=filters.type)
    if filters.case:
        rows = rows.filter(case=filters.case)
    if filters.licence:
        rows = rows.filter(subject__in=pseudonyms_of_company(filters.licence))
    if filters.actor:
        known = pseudonyms_of(f"human:{filters.actor}")
        rows = rows.filter(actor__in=[filters.actor, *known])
    return rows


def pseudonyms_of_company(licence: str) -> list[str]:
    """Return under which names a company stands in the log."""
    return pseudonyms_of(f"entity:{licence}", f"other_entity:{licence}")


def pseudonyms_of(*clear: str) -> list[str]:
    """Return under which names these stand in the log; none of who was forgotten."""
    known = Pseudonym.objects.filter(clear__in=clear)
    return list(known.values_list("pseudonym", flat=True))


def _sieve(filters: Filters) -> Q:
    exact = {name: getattr(filters, name) for name in ("office", "outcome", "code")}
    sieve = Q(**{name: text for name, text in exact.items() if text})
    if filters.purpose:
        # Quotes within a text are escaped: only the member itself can look like this.
        sieve &= Q(leaf__contains=f'"purpose":{quote(filters.purpose)[:-1]}')
    return sieve


def _place(cursor: int) -> tuple[datetime, int]:
    at = LogEntry.objects.filter(pk=cursor).values_list("at", flat=True).first()
    if at is None:
        raise EntryUnknown(str(cursor))
    return at, cursor


def _older(rows: QuerySet[LogEntry], at: datetime, pk: int) -> QuerySet[LogEntry]:
    return rows.filter(at__lte=at).exclude(at=at, pk__gte=pk)


def _edge(rows: QuerySet[LogEntry]) -> tuple[datetime, int] | None:
    """Return the last entry within reach, or None where all are."""
    places = rows.order_by(*NEWEST_FIRST).values_list("at", "pk")
    return next(iter(places[REACH - 1 : REACH]), None)
