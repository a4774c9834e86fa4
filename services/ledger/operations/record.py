"""Write entries beside the change that they record."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from services.common.bulk import Insert, draw_ids, insert_rows, insert_together
from services.common.errors import DomainError
from services.ledger.entry import (
    SALT_BYTES,
    Entry,
    EntryNotCanonical,
    Sealed,
    actor_clear,
    canonical,
    check_entry,
    details_digest,
    instant,
    leaf_text,
    longest_text,
)
from services.ledger.models import EntryDetails, LogEntry, PendingEntry
from services.ledger.operations.name import pseudonyms_for
from services.ledger.tiles import LONGEST_ENTRY
from services.ledger.tree import leaf_hash

RESERVE_SQL = """
INSERT INTO ledger_pendingentry (entry_id)
SELECT nextval((SELECT pg_get_serial_sequence('ledger_logentry', 'id'))::regclass)
FROM generate_series(1, %s) RETURNING entry_id
"""
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


TOO_MANY_BYTES = f"bytes make an entry that fits no bundle ({LONGEST_ENTRY} at most)"


class NotInTransaction(DomainError):
    """An entry belongs into the transaction of the change that it records."""

    code = "log_outside_transaction"


class Details(NamedTuple):
    """Details as they are stored, and the digest that stands in the leaf."""

    salt: bytes
    text: str
    digest: str


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
    for entry in entries:
        check_entry(entry)
    details = [_seal_details(entry) for entry in entries]
    names = pseudonyms_for(entries)
    ids = _reserve(connection, len(entries))
    rows = [
        _row(pk, entry, (at, stamp), _seal(entry, each, names))
        for pk, entry, each in zip(ids, entries, details, strict=True)
    ]
    detailed = [
        (pk, each.salt, each.text)
        for pk, each in zip(ids, details, strict=True)
        if each.text
    ]
    insert_together(
        connection,
        Insert(LogEntry, ENTRY_COLUMNS, rows),
        Insert(EntryDetails, ("entry_id", "salt", "body"), detailed),
    )


def _reserve(connection: BaseDatabaseWrapper, count: int) -> list[int]:
    """Draw ids for entries, in rising order, and note each as pending."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(RESERVE_SQL, [count])
            return sorted(pk for (pk,) in cursor.fetchall())
    ids = draw_ids(connection, LogEntry, count)
    insert_rows(connection, PendingEntry, ("entry_id",), [(pk,) for pk in ids])
    return ids


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


def _row(
    pk: int, entry: Entry, at: tuple[datetime, str], sealed: Sealed
) -> tuple[object, ...]:
    leaf = leaf_text(entry, at=at[1], sealed=sealed)
    content = leaf.encode()
    if len(content) > LONGEST_ENTRY:
        raise EntryNotCanonical(longest_text(entry), f"{len(content)} {TOO_MANY_BYTES}")
    return (
        pk,
        leaf,
        leaf_hash(content),
        entry.type,
        at[0],
        entry.office,
        entry.case,
        entry.exchange,
        sealed.subject,
        sealed.actor,
        entry.outcome,
        entry.code,
    )
