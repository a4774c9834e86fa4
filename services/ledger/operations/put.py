"""Put entries into their tables: with what waits of them, and their details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from services.common.bulk import insert_rows
from services.common.ids import draw_ids, sequence_of
from services.common.prepared import change_prepared
from services.ledger.entry import SALT_BYTES
from services.ledger.models import EntryDetails, LogEntry, PendingEntries
from services.ledger.operations.name import EDITION_SQL
from services.ledger.shelf import pack_ids
from services.ledger.tree import HASH_BYTES

PART = 48  # entries; a row of more than 2 kB PostgreSQL stores apart, at great cost
PENDING = ("first_id", "entry_ids", "hashes")
DETAILS = ("entry_id", "salt", "body")
Texts = Sequence[str]
MARKS = range(0x1F, 0xD800)  # of these one stands between texts


class Made(NamedTuple):
    """Entries as they will stand in the log, column by column."""

    leaf: Texts
    type: Texts
    office: Texts
    case: Texts
    exchange: Texts
    subject: Texts
    actor: Texts
    outcome: Texts
    code: Texts
    body: Texts  # of details; empty where there are none
    leaf_hash: Sequence[bytes]
    salt: Sequence[bytes]


ENTRY = (
    "leaf",
    "type",
    "office",
    "case",
    "exchange",
    "subject",
    "actor",
    "outcome",
    "code",
)
TEXTS = (*ENTRY, "body")
_QUOTED = ", ".join(f'"{name}"' for name in ENTRY)


def _cut(column: str, first: str, count: str, size: int) -> str:
    """Return SQL for some of the values of one size that stand in a parameter."""
    start = f"({first}) * {size} - {size - 1}"
    return f"substr(%({column})s::bytea, {start}, ({count})::int * {size})"


# Each parameter is a column: to make arrays of texts costs the server little, and us
# much. An only text that is empty makes an empty array.
PUT_SQL = f"""
WITH drawn AS MATERIALIZED (
  SELECT nextval(%(ids)s::regclass) AS id, n::int AS n,
         {_cut("leaf_hash", "n::int", "1", HASH_BYTES)} AS leaf_hash,
         {_cut("salt", "n::int", "1", SALT_BYTES)} AS salt,
         {", ".join(f'''coalesce("{name}", '') AS "{name}" ''' for name in TEXTS)}
    FROM unnest({", ".join(f"string_to_array(%({name})s, %(mark)s)" for name in TEXTS)})
         WITH ORDINALITY AS made({_QUOTED}, body, n)
   WHERE %(edition)s = '' OR %(edition)s = {EDITION_SQL}
), entered AS (
  INSERT INTO ledger_logentry (id, leaf_hash, at, {_QUOTED})
  SELECT id, leaf_hash, %(at)s::timestamptz, {_QUOTED} FROM drawn
), detailed AS (
  INSERT INTO ledger_entrydetails (entry_id, salt, body)
  SELECT id, salt, body::jsonb FROM drawn WHERE body <> ''
)
INSERT INTO ledger_pendingentries (first_id, entry_ids, hashes)
SELECT min(id), string_agg(int8send(id), ''::bytea ORDER BY n),
       {_cut("leaf_hash", "min(n)", "count(*)", HASH_BYTES)}
  FROM drawn GROUP BY (n - 1) / {PART}
"""  # noqa: S608  texts of our own


def put(
    connection: BaseDatabaseWrapper, made: Made, *, at: datetime, edition: str
) -> bool:
    """
    Put entries into the log, under ids that rise with their order.

    :param edition: of the names in them; empty: they were just read.
    :returns: False, with nothing put, if this is no more the edition of the names.
    """
    if connection.vendor == "postgresql":
        return _put_at_once(connection, made, at, edition)
    ids = draw_ids(connection, LogEntry, len(made.leaf))
    entries = zip(ids, made.leaf_hash, repeat(at), *_texts(made, ENTRY))
    details = zip(ids, made.salt, made.body, strict=True)
    for model, columns, rows in (
        (LogEntry, ("id", "leaf_hash", "at", *ENTRY), list(entries)),
        (PendingEntries, PENDING, list(_parts(ids, made.leaf_hash))),
        (EntryDetails, DETAILS, [row for row in details if row[-1]]),
    ):
        insert_rows(connection, model, columns, rows)
    return True


def _put_at_once(
    connection: BaseDatabaseWrapper, made: Made, at: datetime, edition: str
) -> bool:
    mark, texts = _marked(_texts(made, TEXTS))
    values = {
        "ids": sequence_of(connection, LogEntry),
        "leaf_hash": b"".join(made.leaf_hash),
        "salt": b"".join(made.salt),
        "mark": mark,
        "edition": edition,
        "at": at,
    }
    values |= zip(TEXTS, texts, strict=True)
    return bool(change_prepared(connection, PUT_SQL, values))


def _texts(made: Made, names: Sequence[str]) -> list[Texts]:
    return [getattr(made, name) for name in names]


def _marked(columns: Sequence[Texts]) -> tuple[str, list[str]]:
    """Return a mark that stands in none of the texts, and each column joined by it."""
    for mark in map(chr, MARKS):
        joined = [mark.join(column) for column in columns]
        if all(
            text.count(mark) == len(column) - 1
            for text, column in zip(joined, columns, strict=True)
        ):
            return mark, joined
    raise ValueError("entries that use every character there is")


def _parts(
    ids: Sequence[int], hashes: Sequence[bytes]
) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield what waits for its place, in the form that bundles have."""
    for start in range(0, len(ids), PART):
        part = slice(start, start + PART)
        yield ids[start], pack_ids(ids[part]), b"".join(hashes[part])
