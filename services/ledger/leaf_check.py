"""Compare stored entries with the hash under which they stand in the tree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import psycopg
from django.db import connections
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from services.ledger.entry import (
    VERSION,
    EntryNotCanonical,
    canonical,
    details_digest,
    instant,
    pseudonym,
    read_leaf,
)
from services.ledger.forgotten import Forgotten
from services.ledger.models import EntryDetails, LogEntry, Pseudonym
from services.ledger.tree import LEAF_PREFIX

NO_DETAILS = '"details":"",'


class Row(NamedTuple):
    """An entry as it is stored."""

    pk: int
    leaf: str
    leaf_hash: bytes
    type: str
    at: str  # as the database writes it
    office: str
    case: str
    exchange: str
    subject: str
    actor: str
    outcome: str
    code: str


# What a leaf says too, under the same name.
ALSO_IN_LEAF = ("type", "office", "case", "exchange", "subject", "outcome", "code")
# Times as text: making each one a time, and a text again, costs as much as hashing.
AT = Cast("at", TextField())
COLUMNS = [AT if name == "at" else name for name in Row._fields]
DETAILS = ("entry_id", "salt", Cast("body", TextField()))
Details = tuple[int, bytes, str]


class Fault(NamedTuple):
    """What is wrong with one entry."""

    entry_id: int
    what: str


def first_fault(
    leaves: Sequence[tuple[int, bytes]], forgotten: Forgotten
) -> Fault | None:
    """Return the first entry of these that is not what its hash says."""
    ids = [pk for pk, _ in leaves]
    entries = {row[0]: row for row in _rows(LogEntry.objects.all(), ids, COLUMNS)}
    details = read_details(ids)
    for pk, digest in leaves:
        row = entries.get(pk)
        what = _what_is_wrong(row, digest)
        if not what and row and (pk in details or NO_DETAILS not in row[1]):
            what = _details_fault(Row(*row), details.get(pk), forgotten)
        if what:
            return Fault(pk, what)
    return None


def read_details(ids: Sequence[int]) -> dict[int, Details]:
    """Return the details that there are of entries, and perhaps of others between."""
    rows = _rows(EntryDetails.objects.all(), ids, DETAILS)
    return {row[0]: row for row in rows}


def _rows(
    rows: QuerySet[Any], ids: Sequence[int], columns: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Read rows by their ids: a stretch of them where they lie close together."""
    if not ids:
        return []
    first, last = min(ids), max(ids)
    close = last - first < 2 * len(ids)
    chosen = Q(pk__gte=first, pk__lte=last) if close else Q(pk__among=ids)
    return fetch_rows(rows.filter(chosen).values_list(*columns))


def fetch_rows(rows: QuerySet[Any, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Read rows, from PostgreSQL in binary form: that takes a third of the time."""
    connection = connections[rows.db]
    if connection.vendor != "postgresql":
        return list(rows)
    statement, values = rows.query.sql_with_params()
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=False, binary=True)
        return cursor.fetchall()


def _what_is_wrong(row: tuple[Any, ...] | None, digest: bytes) -> str:
    if row is None:
        return "it is gone"
    if sha256(LEAF_PREFIX + (row[1] or "").encode()).digest() != digest:
        return "its text does not give its hash"
    if row[2] != digest:
        return "its stored hash is another"
    return "" if _columns_stand_in(row) else _column_fault(Row(*row))


def _columns_stand_in(row: tuple[Any, ...]) -> bool:
    """
    Tell at once whether a leaf has these columns: parsing it costs as much again.

    A comma and a quotation mark follow each other nowhere but between members, so
    these pieces cannot be met within a text. What must be escaped is not met either.
    """
    _, leaf, _, kind, at, office, case, exchange, subject, actor, outcome, code = row
    if None in row:
        return False
    texts = (kind, office, case, exchange, subject, actor, outcome, code)
    return (
        "\\" not in "".join(texts)  # what a leaf would have escaped
        and leaf.startswith(f'{{"actor":{{"id":"{actor}","kind":"')
        and f'"}},"at":"{_stamp(at)}","basis":"' in leaf
        and f'","case":"{case}","code":"{code}","details":"' in leaf
        and f'","exchange":"{exchange}","office":"{office}","outcome":"{outcome}",'
        '"purpose":"'
        in leaf
        and leaf.endswith(f'","subject":"{subject}","type":"{kind}","v":{VERSION}}}')
    )


def _stamp(at: str) -> str:
    """Return a time that the database wrote in UTC as a leaf has it; else nonsense."""
    fraction = at[20:].removesuffix("+00")
    return f"{at[:10]}T{at[11:19]}.{fraction:0<6}Z"


def _column_fault(row: Row) -> str:
    try:
        leaf: dict[str, Any] = read_leaf(row.leaf)
        if leaf["v"] != VERSION:
            return f"its version {leaf['v']} is unknown"
        for column, value in _columns(row, leaf):
            if value != leaf[column]:
                return f"its column {column} differs from its text"
    except (ValueError, LookupError, TypeError):
        return "its text is no entry"
    return ""


def _columns(row: Row, leaf: dict[str, Any]) -> Iterator[tuple[str, object]]:
    yield from ((column, getattr(row, column)) for column in ALSO_IN_LEAF)
    at = datetime.fromisoformat(row.at)
    yield "at", instant(at if at.tzinfo else at.replace(tzinfo=UTC))
    yield "actor", {**leaf["actor"], "id": row.actor}


def _details_fault(row: Row, details: Details | None, forgotten: Forgotten) -> str:
    """Compare details with their digest; SQLite keeps their text as it was hashed."""
    leaf = read_leaf(row.leaf)
    if details is None:
        lawful = forgotten.covers(
            type=row.type,
            at=datetime.fromisoformat(str(leaf["at"])),
            subject=row.subject,
        )
        return "" if lawful else "its details are gone, and nothing says why"
    try:
        fits = digest_fits(details, str(leaf["details"]))
    except (EntryNotCanonical, ValueError) as failure:
        return f"its details were changed ({failure})"
    return "" if fits else "its details were changed"


def digest_fits(details: Details, digest: str) -> bool:
    """
    Tell whether details give their digest; SQLite keeps their text as it was hashed.

    :raises EntryNotCanonical, ValueError: if they could not have been written.
    """
    _, salt, text = details
    if details_digest(text, bytes(salt)) == digest:
        return True
    again = canonical(json.loads(text), "details")
    return details_digest(again, bytes(salt)) == digest


def false_pseudonyms(chunk: int = 5_000) -> Iterator[str]:
    """Yield clear names whose pseudonym does not follow from their salt."""
    last = 0
    while True:
        names = list(Pseudonym.objects.filter(pk__gt=last).order_by("pk")[:chunk])
        for name in names:
            if pseudonym(name.clear, bytes(name.salt)) != name.pseudonym:
                yield name.clear
        if not names:
            return
        last = names[-1].pk
