"""Give subjects and people the names under which they stand in the log."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connections, router

from services.common.among import among, listed
from services.common.bulk import insert_new_rows
from services.common.statements import fetch
from services.ledger.entry import SALT_BYTES, Entry, actor_clear, pseudonym
from services.ledger.models import Pseudonym

KNOWN_SQL = "SELECT clear, pseudonym FROM ledger_pseudonym WHERE clear {among}"


class _Row(NamedTuple):
    """A new pseudonym; the fields are columns."""

    clear: str
    label: str
    salt: bytes
    pseudonym: str


COLUMNS = _Row._fields


def pseudonyms_for(entries: Sequence[Entry]) -> dict[str, str]:
    """
    Return the pseudonym of every subject and person in these entries.

    Two transactions may meet the same subject first: the loser's rows are ignored
    and the winner's read. Sorted, so that two of them never wait in a ring.
    """
    labels = _clear_names(entries)
    names = _known(list(labels))
    fresh = sorted(labels.keys() - names.keys())
    rows = [_row(clear, labels[clear]) for clear in fresh]
    connection = connections[router.db_for_write(Pseudonym)]
    if insert_new_rows(connection, Pseudonym, COLUMNS, rows) == len(rows):
        return names | {row.clear: row.pseudonym for row in rows}
    return names | _known(fresh)


def _clear_names(entries: Sequence[Entry]) -> dict[str, str]:
    labels = {entry.subject: "" for entry in entries if entry.subject}
    people = {entry.actor for entry in entries if entry.actor.kind == "human"}
    return labels | {actor_clear(actor): actor.name for actor in people}


def _known(clear: list[str]) -> dict[str, str]:
    if not clear:
        return {}
    connection = connections[router.db_for_write(Pseudonym)]
    return dict(
        fetch(
            connection,
            KNOWN_SQL.format(among=among(connection)),
            [listed(connection, clear)],
        )
    )


def _row(clear: str, label: str) -> _Row:
    salt = os.urandom(SALT_BYTES)
    return _Row(clear, label, salt, pseudonym(clear, salt))
