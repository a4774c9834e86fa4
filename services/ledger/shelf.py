"""Tiles and entries as they stand in the database."""

from __future__ import annotations

from services.ledger.models import Bundle, LogEntry, TreeNode
from services.ledger.tiles import WIDTH, Tile
from services.ledger.tree import HASH_BYTES, split_hashes

ID_BYTES = 8


def split_ids(packed: bytes) -> list[int]:
    """Return ids as a bundle has them: signed, so that any bytes make a bigint."""
    return [
        int.from_bytes(packed[at : at + ID_BYTES], "big", signed=True)
        for at in range(0, len(packed), ID_BYTES)
    ]


class TileMissing(LookupError):
    """The database does not hold what a tree of this size must have."""


def hashes_of(tile: Tile) -> list[bytes]:
    """
    Return the hashes of a tile.

    :raises TileMissing: if they are not all there.
    """
    if tile.level == 0:
        hashes = split_hashes(_packed(tile, "hashes", HASH_BYTES))
    else:
        first = tile.number * WIDTH
        rows = TreeNode.objects.filter(
            level=tile.level, number__gte=first, number__lt=first + tile.width
        )
        in_order = rows.order_by("number").values_list("hash", flat=True)
        hashes = [bytes(each) for each in in_order]
    if len(hashes) != tile.width:
        raise TileMissing(f"tile/{tile.path} has only {len(hashes)} hashes")
    return hashes


def entries_of(tile: Tile) -> list[bytes]:
    """
    Return the entries of a bundle, in the order of the tree.

    :raises TileMissing: if they are not all there.
    """
    packed = _packed(tile, "entry_ids", ID_BYTES)
    ids = split_ids(packed)
    leaves = dict(LogEntry.objects.filter(pk__in=ids).values_list("pk", "leaf"))
    if len(leaves) != tile.width:
        raise TileMissing(f"tile/{tile.path} has only {len(leaves)} entries")
    return [leaves[pk].encode() for pk in ids]


def _packed(tile: Tile, column: str, item_bytes: int) -> bytes:
    """Return the items of bundles that make up a tile of the lowest row."""
    first = tile.number * WIDTH
    rows = Bundle.objects.filter(start__gte=first, start__lt=first + tile.width)
    parts = rows.order_by("start").values_list(column, flat=True)
    return b"".join(bytes(part) for part in parts)[: tile.width * item_bytes]
