"""Tiles and entries as they stand in the database."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from django.db import connections, router

from services.common.statements import fetch
from services.ledger.models import Bundle, LogEntry
from services.ledger.tiles import WIDTH, Tile, TileDamaged, read_tile
from services.ledger.tree import HASH_BYTES

ID_BYTES = 8
IDS_SQL, HASHES_SQL = (
    f"SELECT {column} FROM ledger_bundle"  # noqa: S608  two known columns
    " WHERE start >= %s AND start < %s ORDER BY start"
    for column in ("entry_ids", "hashes")
)
NODES_SQL = """
SELECT hash FROM ledger_treenode
 WHERE level = %s AND number >= %s AND number < %s ORDER BY number
"""


def pack_ids(ids: Sequence[int]) -> bytes:
    """Return ids as a bundle has them."""
    return struct.pack(f">{len(ids)}q", *ids)


def split_ids(packed: bytes) -> list[int]:
    """Return ids as a bundle has them: signed, so that any bytes make a bigint."""
    return list(struct.unpack_from(f">{len(packed) // ID_BYTES}q", packed))


class TileMissing(LookupError):
    """The database does not hold what a tree of this size must have."""


def hashes_of(tile: Tile) -> list[bytes]:
    """
    Return the hashes of a tile.

    :raises TileMissing: if they are not all there.
    """
    if tile.level == 0:
        packed = _packed(tile, HASHES_SQL, HASH_BYTES)
    else:
        first = tile.number * WIDTH
        packed = _joined(NODES_SQL, tile.level, first, first + tile.width)
    try:
        return read_tile(tile, packed)
    except TileDamaged as problem:
        raise TileMissing(str(problem)) from None


def entries_of(tile: Tile) -> list[bytes]:
    """
    Return the entries of a bundle, in the order of the tree.

    :raises TileMissing: if they are not all there.
    """
    packed = _packed(tile, IDS_SQL, ID_BYTES)
    ids = split_ids(packed)
    leaves = dict(LogEntry.objects.filter(pk__in=ids).values_list("pk", "leaf"))
    if len(leaves) != tile.width:
        raise TileMissing(f"tile/{tile.path} has only {len(leaves)} entries")
    return [leaves[pk].encode() for pk in ids]


def _packed(tile: Tile, statement: str, item_bytes: int) -> bytes:
    """Return the items of bundles that make up a tile of the lowest row."""
    first = tile.number * WIDTH
    packed = _joined(statement, first, first + tile.width)
    return packed[: tile.width * item_bytes]


def _joined(statement: str, *values: int) -> bytes:
    """Return the bytes of all rows together."""
    connection = connections[router.db_for_read(Bundle)]
    return b"".join(bytes(part) for (part,) in fetch(connection, statement, values))
