"""Write entries beside the change that they record."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import NamedTuple

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from services.common.bulk import Insert, insert_together
from services.common.errors import DomainError
from services.common.ids import draw_ids, sequence_of
from services.common.statements import fetch
from services.ledger.entry import (
    SALT_BYTES,
    Entry,
    EntryNotCanonical,
    Sealed,
    actor_clear,
    canonical,
    check_entries,
    details_digest,
    instant,
    leaf_text,
    longest_text,
)
from services.ledger.models import EntryDetails, LogEntry, PendingEntries
from services.ledger.operations.name import (
    EDITION_SQL,
    Names,
    pseudonyms_for,
    remembered,
)
from services.ledger.shelf import pack_ids
from services.ledger.tiles import LONGEST_ENTRY
from services.ledger.tree import leaf_hash

PART = 48  # entries; a row of more than 2 kB PostgreSQL stores apart, at great cost
DRAW_SQL = f"""
SELECT nextval(%s::regclass) FROM generate_series(1, %s)
 WHERE %s = '' OR %s = {EDITION_SQL}
"""  # noqa: S608  a text of our own
ENTRY_COLUMNS = (
    "id",
    "leaf",
    "leaf_hash",
    "type",
    "at",
    "office",
    "case",
    "exchange",
    "subject",
    "actor",
    "outcome",
    "code",
)
PENDING_COLUMNS = ("first_id", "entry_ids", "hashes")
DETAIL_COLUMNS = ("entry_id", "salt", "body")

TOO_MANY_BYTES = f"bytes make an entry that fits no bundle ({LONGEST_ENTRY} at most)"


class NotInTransaction(DomainError):
    """An entry belongs into the transaction of the change that it records."""

    code = "log_outside_transaction"


class Details(NamedTuple):
    """Details as they are stored, and the digest that stands in the leaf."""

    salt: bytes
    text: str
    digest: str


class Made(NamedTuple):
    """Entries as they will stand in the log, column by column."""

    ids: list[int]
    leaves: list[str]
    hashes: list[bytes]
    sealed: list[Sealed]


NO_DETAILS = Details(b"", "", "")


def record(entry: Entry, *, at: datetime) -> None:
    """Write one entry; see `record_many`."""
    record_many([entry], at=at)


def record_many(entries: Sequence[Entry], *, at: datetime) -> None:
    """
    Write entries in their order, in the caller's transaction.

    The number of statements does not depend on the number of entries.

    :raises NotInTransaction: outside `transaction.atomic()`.
    :raises UnknownEventType: for a type outside the closed list.
    :raises EntryNotCanonical: for what has no canonical form or is too long for a
        bundle, naming the member.
    """
    connection = connections[router.db_for_write(LogEntry)]
    if not connection.in_atomic_block:
        raise NotInTransaction("record_many needs transaction.atomic()")
    if not entries:
        return
    stamp = instant(at)
    check_entries(entries)
    details = list(map(_seal_details, entries))
    make = partial(_make, connection, entries, details, stamp)
    names = remembered(connection, entries)
    made = make(names if names.known else pseudonyms_for(entries))
    if not made.ids:  # somebody was forgotten: what we remember may be wrong
        made = make(pseudonyms_for(entries))
    insert_together(
        connection,
        Insert(LogEntry, ENTRY_COLUMNS, list(map(_row, entries, *made, repeat(at)))),
        Insert(PendingEntries, PENDING_COLUMNS, list(_pending(made))),
        Insert(EntryDetails, DETAIL_COLUMNS, list(_detailed(made.ids, details))),
    )


def _make(
    connection: BaseDatabaseWrapper,
    entries: Sequence[Entry],
    details: Sequence[Details],
    stamp: str,
    names: Names,
) -> Made:
    """Make leaves and draw their ids; none if these names hold no more."""
    sealed = list(map(_seal, entries, details, repeat(names.known)))
    leaves = list(map(leaf_text, entries, repeat(stamp), sealed))
    hashes = list(map(_hash, entries, leaves))
    ids = _draw(connection, len(entries), names.edition)
    return Made(ids, leaves, hashes, sealed)


def _detailed(
    ids: Sequence[int], details: Sequence[Details]
) -> Iterator[tuple[int, bytes, str]]:
    for pk, each in zip(ids, details, strict=True):
        if each.text:
            yield pk, each.salt, each.text


def _draw(connection: BaseDatabaseWrapper, count: int, edition: str) -> list[int]:
    """Draw ids, in rising order; none if this is no more the edition of the names."""
    if connection.vendor != "postgresql":
        return draw_ids(connection, LogEntry, count)
    values = [sequence_of(connection, LogEntry), count, edition, edition]
    return sorted(pk for (pk,) in fetch(connection, DRAW_SQL, values))


def _pending(made: Made) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield what waits for its place, in the form that bundles have."""
    for start in range(0, len(made.ids), PART):
        part = slice(start, start + PART)
        yield made.ids[start], pack_ids(made.ids[part]), b"".join(made.hashes[part])


def _seal_details(entry: Entry) -> Details:
    if not entry.details:
        return NO_DETAILS
    salt = os.urandom(SALT_BYTES)
    text = canonical(entry.details, "details")
    return Details(salt, text, details_digest(text, salt))


def _seal(entry: Entry, details: Details, names: Mapping[str, str]) -> Sealed:
    actor = entry.actor
    return Sealed(
        actor=names[actor_clear(actor)] if actor.kind == "human" else actor.id,
        subject=names[entry.subject] if entry.subject else "",
        details=details.digest,
    )


def _hash(entry: Entry, leaf: str) -> bytes:
    content = leaf.encode()
    if len(content) > LONGEST_ENTRY:
        raise EntryNotCanonical(longest_text(entry), f"{len(content)} {TOO_MANY_BYTES}")
    return leaf_hash(content)


def _row(
    entry: Entry, pk: int, leaf: str, digest: bytes, sealed: Sealed, at: datetime
) -> tuple[object, ...]:
    return (
        pk,
        leaf,
        digest,
        entry.type,
        at,
        entry.office,
        entry.case,
        entry.exchange,
        sealed.subject,
        sealed.actor,
        entry.outcome,
        entry.code,
    )
