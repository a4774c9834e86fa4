"""
Read whole stretches of entries, each column in one piece.

A row has a price of its own, for the server, its driver and Python: several times what
hashing a leaf costs. So the server puts many entries' values one behind the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import psycopg
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.string import ByteaBinaryLoader

from services.common.among import listed
from services.ledger.entry import VERSION
from services.ledger.models import LogEntry
from services.ledger.runs import Run
from services.ledger.shelf import pack_ids
from services.ledger.tree import HASH_BYTES

LINE = b"\n"  # canonical JSON has none
MEMBERS = ("case", "code", "exchange", "office", "outcome", "subject", "type")
STARTS = {name: f'"{name}":"'.encode() for name in ("at", *MEMBERS)} | {
    "actor": b'{"actor":{"id":"'
}
END = b'"'
LAST = f'"v":{VERSION}}}'.encode()


class Bulk(NamedTuple):
    """
    Entries in the order of their ids, each column in one piece.

    Between two texts of a column stands what stands between them in a text of leaves.
    """

    ids: bytes
    hashes: bytes
    leaf: bytes
    at: bytes  # as PostgreSQL writes it
    actor: bytes
    case: bytes
    code: bytes
    exchange: bytes
    office: bytes
    outcome: bytes
    subject: bytes
    type: bytes


BETWEEN = Bulk(
    *(b"", b"", LINE),
    at=END + LINE + STARTS["at"],
    actor=END + LAST + LINE + STARTS["actor"],
    **{name: END + LINE + STARTS[name] for name in MEMBERS},
)


def _aggregate(column: str) -> str:
    """Return how a column is put together: nothing, where it is, as a backslash."""
    between = getattr(BETWEEN, column).decode().replace("\n", "\\n")
    return f"string_agg(coalesce(\"{column}\"::text, E'\\\\'), E'{between}')"


IN_BULK = f"""
SELECT bulk.* FROM unnest(%s::bigint[], %s::bigint[]) AS run(first, last), LATERAL (
 SELECT bit_or(octet_length(leaf_hash)), string_agg(int8send(id), ''),
  string_agg(leaf_hash, ''), {", ".join(map(_aggregate, Bulk._fields[2:]))}
 FROM (SELECT * FROM ledger_logentry WHERE id BETWEEN first AND last ORDER BY id) AS e
) AS bulk
"""  # noqa: S608  names of columns
ONE_BY_ONE = """
SELECT id, leaf_hash, leaf, rtrim(rtrim(at || CASE WHEN at LIKE '%%.%%' THEN '' ELSE '.'
 END, '0'), '.') || '+00', actor, "case", code, exchange, office, outcome, subject, type
FROM ledger_logentry WHERE id BETWEEN %s AND %s ORDER BY id
"""


def read_bulks(runs: Sequence[Run]) -> Iterator[Bulk | None]:
    """Yield for each run what is stored, or nothing if it cannot be put together."""
    connection = connections[router.db_for_read(LogEntry)]
    if connection.vendor == "postgresql":
        return _from_postgresql(connection, runs)
    return (_from_rows(connection, run) for run in runs)


def joined(bulks: Sequence[Bulk | None]) -> Bulk | None:
    """Return bulks that follow each other as one, or nothing if one is missing."""
    there = [bulk for bulk in bulks if bulk]
    if len(there) < len(bulks):
        return None
    return Bulk(*map(bytes.join, BETWEEN, zip(*there, strict=True)))


def _from_postgresql(
    connection: BaseDatabaseWrapper, runs: Sequence[Run]
) -> Iterator[Bulk | None]:
    connection.ensure_connection()
    bounds = (
        listed(connection, [run.first for run in runs]),
        listed(connection, [run.last for run in runs]),
    )
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.adapters.register_loader("text", ByteaBinaryLoader)
        for hash_bytes, *row in cursor.stream(IN_BULK, bounds, binary=True):
            # Else one hash too long and one too short could pass for two.
            yield Bulk(*row) if hash_bytes == HASH_BYTES else None


def _from_rows(connection: BaseDatabaseWrapper, run: Run) -> Bulk | None:
    """Put together what the server of a file cannot: it has no order within one."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_BY_ONE, [run.first, run.last])
        columns = list(zip(*cursor.fetchall(), strict=True))
    try:
        if not columns or {*map(len, columns[1])} != {HASH_BYTES}:
            return None
        return Bulk(
            pack_ids(columns[0]),
            b"".join(columns[1]),
            *(
                between.join(map(str.encode, texts))
                for between, texts in zip(BETWEEN[2:], columns[2:], strict=True)
            ),
        )
    except (TypeError, ValueError):
        return None
