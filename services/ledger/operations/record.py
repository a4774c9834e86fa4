"""Write entries beside the change that they record."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple

from django.db import connections, router

from services.common.errors import DomainError
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
from services.ledger.models import LogEntry
from services.ledger.operations.name import pseudonyms_for, remembered
from services.ledger.operations.put import Made, put
from services.ledger.tiles import LONGEST_ENTRY
from services.ledger.tree import leaf_hash

TOO_MANY_BYTES = f"bytes make an entry that fits no bundle ({LONGEST_ENTRY} at most)"


class NotInTransaction(DomainError):
    """An entry belongs into the transaction of the change that it records."""

    code = "log_outside_transaction"


class Details(NamedTuple):
    """Details as they are stored, and the digest that stands in the leaf."""

    salt: bytes
    text: str
    digest: str


NO_DETAILS = Details(bytes(SALT_BYTES), "", "")
columns_of = attrgetter("type", "office", "case", "exchange", "outcome", "code")


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
    make = partial(_make, entries, details, stamp)
    names = remembered(connection, entries)
    if not names.known:
        names = pseudonyms_for(entries)
    if not put(connection, make(names.known), at=at, edition=names.edition):
        # Somebody was forgotten: what we remember may be wrong.
        put(connection, make(pseudonyms_for(entries).known), at=at, edition="")


def _make(
    entries: Sequence[Entry],
    details: Sequence[Details],
    stamp: str,
    names: Mapping[str, str],
) -> Made:
    sealed = list(map(_seal, entries, details, repeat(names)))
    actors, subjects, _ = zip(*sealed, strict=True)
    leaves = list(map(leaf_text, entries, repeat(stamp), sealed))
    types, offices, cases, exchanges, outcomes, codes = zip(
        *map(columns_of, entries), strict=True
    )
    return Made(
        leaf=leaves,
        type=types,
        office=offices,
        case=cases,
        exchange=exchanges,
        subject=subjects,
        actor=actors,
        outcome=outcomes,
        code=codes,
        body=[each.text for each in details],
        leaf_hash=list(map(_hash, entries, leaves)),
        salt=[each.salt for each in details],
    )


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
