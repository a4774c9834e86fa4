"""Look through the log: any filters together, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from services.ledger.entry import quote
from services.ledger.models import LogEntry, Pseudonym
from services.ledger.queries import EntryUnknown, LogLine, lines_of
from services.ledger.walk import Bounds, Place, among_these, newest_first, of_name

PER_PAGE = 50
REACH = 100_000  # entries that one page looks through for what has no index
FEW = 20_000  # entries of one case, company or actor, which a page may sort
CHUNK = 2_000  # entries


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

    Of a case, a company or an actor with few entries all are looked at. Otherwise type
    and time lead, and the rest is looked for among the next REACH entries, so that no
    page takes longer, however long the log is.

    :raises EntryUnknown: if there is no entry `cursor`.
    """
    bounds = Bounds(filters.since, filters.until, _place(cursor))
    named = _named(filters)
    few = _few(named)
    if few is not None:
        rows = _of_few(few, filters, bounds).filter(_sieve(filters, named))
        return _page(list(rows[: limit + 1]), limit, None)
    walk, sieve = newest_first(bounds, filters.type), _sieve(filters, named)
    if not sieve:
        return _page(list(walk[: limit + 1]), limit, None)
    rows = among_these(walk[:REACH]).filter(sieve).order_by(*walk.query.order_by)
    found = list(rows[: limit + 1])
    return _page(found, limit, None if len(found) > limit else _edge(walk))


def more_than(filters: Filters, most: int) -> bool:
    """Return whether more entries than that would have to be looked through."""
    bounds = Bounds(filters.since, filters.until)
    few = _few(_named(filters))
    if few is not None:
        rows = _of_few(few, filters, bounds)
    else:
        rows = newest_first(bounds, filters.type)
    return bool(rows.values_list("pk")[most : most + 1])


def all_found(filters: Filters) -> Iterator[LogLine]:
    """Yield every entry that passes the filters, newest first, in little memory."""
    cursor: int | None = None
    while True:
        page = explore(filters, cursor=cursor, limit=CHUNK)
        yield from page.lines
        cursor = page.older
        if cursor is None:
            return


def _page(found: list[LogEntry], limit: int, edge: Place | None) -> Page:
    """Return a page; what came in behind the edge meanwhile is left to the next."""
    if edge:
        found = [row for row in found if (row.at, row.pk) >= edge]
    lines = lines_of(found[:limit])
    if len(found) > limit:
        return Page(lines, found[limit - 1].pk)
    return Page(lines, edge.pk, edge.at) if edge else Page(lines, None)


def _named(filters: Filters) -> dict[str, list[str]]:
    """Return whose entries are wanted, by the column that has an index of its own."""
    named = {}
    if filters.case:
        named["case"] = [filters.case]
    if filters.licence:
        named["subject"] = pseudonyms_of_company(filters.licence)
    if filters.actor:
        known = pseudonyms_of(f"human:{filters.actor}")
        named["actor"] = [filters.actor, *known]
    return named


def _few(named: Mapping[str, list[str]]) -> QuerySet[LogEntry] | None:
    """Return all entries of the first of these that has only few."""
    for column, texts in named.items():
        if not any(_many(column, text) for text in texts):
            rows = LogEntry.objects.filter(**{f"{column}__in": texts})
            return rows.exclude(**{column: ""})[: (1 + len(texts)) * FEW]
    return None


def _many(column: str, text: str) -> bool:
    return bool(of_name(column, text).values_list(column)[FEW : FEW + 1])


def _of_few(
    few: QuerySet[LogEntry], filters: Filters, bounds: Bounds
) -> QuerySet[LogEntry]:
    rows = bounds.around(among_these(few)).order_by("-at", "-pk")
    return rows.filter(type=filters.type) if filters.type else rows


def pseudonyms_of_company(licence: str) -> list[str]:
    """Return under which names a company stands in the log."""
    return pseudonyms_of(f"entity:{licence}", f"other_entity:{licence}")


def pseudonyms_of(*clear: str) -> list[str]:
    """Return under which names these stand in the log; none of who was forgotten."""
    known = Pseudonym.objects.filter(clear__in=clear)
    return list(known.values_list("pseudonym", flat=True))


def _sieve(filters: Filters, named: Mapping[str, list[str]]) -> Q:
    exact = {name: getattr(filters, name) for name in ("office", "outcome", "code")}
    sieve = Q(**{name: text for name, text in exact.items() if text})
    sieve &= Q(**{f"{column}__in": texts for column, texts in named.items()})
    if filters.purpose:
        # Quotes within a text are escaped: only the member itself can look like this.
        sieve &= Q(leaf__contains=f'"purpose":{quote(filters.purpose)[:-1]}')
    return sieve


def _place(cursor: int | None) -> Place | None:
    if cursor is None:
        return None
    at = LogEntry.objects.filter(pk=cursor).values_list("at", flat=True).first()
    if at is None:
        raise EntryUnknown(str(cursor))
    return Place(at, cursor)


def _edge(walk: QuerySet[LogEntry]) -> Place | None:
    """Return the last entry within reach, or None where all are."""
    places = walk.values_list("at", "pk")[REACH - 1 : REACH]
    return next((Place(*place) for place in places), None)
