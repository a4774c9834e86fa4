"""
Give subjects and people the names under which they stand in the log.

To look them up is nearly a fifth of what writing entries costs, so they are remembered,
for one edition of the names (NameEdition), which a trigger changes in the transaction
that deletes one, and for one session with the server: whoever brings an older database
back ends it. The statement that draws an entry's id compares the edition: whoever was
forgotten before is not named again.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence, Set
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from services.common.among import among, listed
from services.common.bulk import insert_new_rows
from services.common.statements import fetch
from services.ledger.entry import SALT_BYTES, Entry, actor_clear, pseudonym
from services.ledger.models import Pseudonym

KNOWN_SQL = "SELECT clear, pseudonym FROM ledger_pseudonym WHERE clear {among}"
EDITION_SQL = "(SELECT edition FROM ledger_nameedition)"
EDITION_AND_KNOWN_SQL = f"""
SELECT {EDITION_SQL}, clear, pseudonym
  FROM (SELECT 1) AS once LEFT JOIN ledger_pseudonym ON clear {{among}}
"""  # noqa: S608  texts of our own
MOST_REMEMBERED = 10_000  # names, of each session


class Names(NamedTuple):
    """
    Pseudonyms by clear names.

    :param edition: they hold only while it is this one; empty: they were just read.
    """

    known: dict[str, str]
    edition: str = ""


NOBODY = Names({})
#: What is remembered of names that are committed, by psycopg's connection.
memories: WeakKeyDictionary[Any, Names] = WeakKeyDictionary()


class _Row(NamedTuple):
    """A new pseudonym; the fields are columns."""

    clear: str
    label: str
    salt: bytes
    pseudonym: str


COLUMNS = _Row._fields


def remembered(connection: BaseDatabaseWrapper, entries: Sequence[Entry]) -> Names:
    """Return the pseudonyms in these entries if all are remembered, or nobody's."""
    if connection.vendor != "postgresql":
        return NOBODY
    names = memories.get(connection.connection, NOBODY)
    return names if _clear_names(entries).keys() <= names.known.keys() else NOBODY


def pseudonyms_for(entries: Sequence[Entry]) -> Names:
    """
    Look up the pseudonym of every subject and person in these entries.

    Two transactions may meet the same subject first: the loser's rows are ignored
    and the winner's read. Sorted, so that two of them never wait in a ring. What was
    found is remembered once this transaction is committed.
    """
    labels = _clear_names(entries)
    if not labels:
        return NOBODY
    connection = connections[router.db_for_write(Pseudonym)]
    edition, known = _edition_and_known(connection, labels.keys())
    fresh = sorted(labels.keys() - known.keys())
    rows = [_row(clear, labels[clear]) for clear in fresh]
    if insert_new_rows(connection, Pseudonym, COLUMNS, rows) == len(rows):
        known |= {row.clear: row.pseudonym for row in rows}
    else:
        known |= _known(connection, fresh)
    if edition:
        keep = partial(_keep, connection.connection, Names(known, edition))
        transaction.on_commit(keep, using=connection.alias)
    return Names(known)


def _keep(session: Any, names: Names) -> None:
    held = memories.get(session, NOBODY)
    full = len(held.known) + len(names.known) > MOST_REMEMBERED
    if held.edition != names.edition or full:
        memories[session] = names
    else:
        held.known.update(names.known)


def _clear_names(entries: Sequence[Entry]) -> dict[str, str]:
    labels = {entry.subject: "" for entry in entries if entry.subject}
    people = {entry.actor for entry in entries if entry.actor.kind == "human"}
    return labels | {actor_clear(actor): actor.name for actor in people}


def _edition_and_known(
    connection: BaseDatabaseWrapper, clear: Set[str]
) -> tuple[str, dict[str, str]]:
    """Return which of these names are known, and in which edition or an older one."""
    if connection.vendor != "postgresql":
        return "", _known(connection, clear)
    held = memories.get(connection.connection, NOBODY)
    met = {name: held.known[name] for name in clear if name in held.known}
    edition, known = _read(connection, clear - met.keys())
    if edition != held.edition:  # what we remembered holds no more
        known |= _known(connection, met.keys())
        met = {}
    return edition, known | met


def _read(
    connection: BaseDatabaseWrapper, clear: Set[str]
) -> tuple[str, dict[str, str]]:
    """Read the edition and names by one statement, and so from one snapshot."""
    statement = EDITION_AND_KNOWN_SQL.format(among=among(connection))
    rows = fetch(connection, statement, [listed(connection, clear)])
    return rows[0][0] or "", {name: pseudonym for _, name, pseudonym in rows if name}


def _known(connection: BaseDatabaseWrapper, clear: Collection[str]) -> dict[str, str]:
    if not clear:
        return {}
    statement = KNOWN_SQL.format(among=among(connection))
    return dict(fetch(connection, statement, [listed(connection, clear)]))


def _row(clear: str, label: str) -> _Row:
    salt = os.urandom(SALT_BYTES)
    return _Row(clear, label, salt, pseudonym(clear, salt))
