"""
Tiles: the tree as files of up to 256 hashes (C2SP tlog-tiles). Pure.

The n-th tile of level l holds the hashes of the nodes of height 8·l with the numbers
256·n to 256·n+255. A *partial* tile holds fewer; only the last of a level may be one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from services.ledger.tree import HASH_BYTES, Frontier, root_of, split_hashes

HEIGHT = 8
WIDTH = 256  # 2 ** HEIGHT
HIGHEST_LEVEL = 63
LENGTH_BYTES = 2
LONGEST_ENTRY = 2 ** (8 * LENGTH_BYTES) - 1
ENTRIES = "entries"

# Zero-padded groups of three digits; all but the last begin with x; the first is not
# zero where there are several; no tree has a tile of more than seven groups.
_NUMBER = r"(?:x(?!000)\d{3}/(?:x\d{3}/){0,5})?\d{3}"
_WIDTH = r"[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]"
PATH = re.compile(
    rf"(?P<level>entries|0|[1-9]|[1-5]\d|6[0-3])/(?P<number>{_NUMBER})"
    rf"(?:\.p/(?P<width>{_WIDTH}))?",
    re.ASCII,
)


class TileDamaged(ValueError):
    """Bytes that cannot be the tile or bundle they should be; the message says why."""


class Tile(NamedTuple):
    """Which tile: its level (-1: a bundle of entries), number and width (1 to 256)."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the path below `tile/`."""
        level = ENTRIES if self.level == ENTRY_LEVEL else str(self.level)
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{level}/{number_path(self.number)}{part}"

    def exists_in(self, size: int) -> bool:
        """Tell whether a tree of this size has this tile, in full or as its edge."""
        nodes = size >> HEIGHT * max(self.level, 0)
        full, rest = divmod(nodes, WIDTH)
        if self.width == WIDTH:
            return self.number < full
        return self.number < full or (self.number == full and self.width <= rest)


ENTRY_LEVEL = -1


def number_path(number: int) -> str:
    """Return a tile's number in groups of three digits: 1234067 is x001/x234/067."""
    text = str(number)
    text = text.zfill(-(-len(text) // 3) * 3)
    groups = [text[at : at + 3] for at in range(0, len(text), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def parse_path(path: str) -> Tile | None:
    """Return the tile of a path below `tile/`, or None outside the grammar."""
    match = PATH.fullmatch(path)
    if match is None:
        return None
    level = match["level"]
    return Tile(
        level=ENTRY_LEVEL if level == ENTRIES else int(level),
        number=int(match["number"].replace("x", "").replace("/", "")),
        width=int(match["width"] or WIDTH),
    )


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Yield the hash tiles of a tree that one of `since` leaves does not have."""
    for level in range(HIGHEST_LEVEL + 1):
        nodes, before = size >> HEIGHT * level, since >> HEIGHT * level
        if not nodes:
            return
        if nodes == before:
            continue
        full, rest = divmod(nodes, WIDTH)
        for number in range(before // WIDTH, full):
            yield Tile(level, number)
        if rest:
            yield Tile(level, full, rest)


def bundles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Yield the bundles of entries of a tree that one of `since` leaves has not."""
    for tile in tiles_of(size, since=since):
        if tile.level != 0:
            return
        yield tile._replace(level=ENTRY_LEVEL)


def read_tile(tile: Tile, content: bytes) -> list[bytes]:
    """
    Return the hashes of a tile.

    :raises TileDamaged: if its length is not that of its width.
    """
    if len(content) != tile.width * HASH_BYTES:
        raise TileDamaged(
            f"tile/{tile.path} has {len(content)} bytes instead of "
            f"{tile.width * HASH_BYTES}"
        )
    return split_hashes(content)


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """
    Return entries as a bundle: each with its length before it (uint16, big endian).

    :raises ValueError: if an entry is longer than 65,535 bytes.
    """
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise ValueError(f"an entry of {len(entry)} bytes does not fit a bundle")
    return b"".join(
        part
        for entry in entries
        for part in (len(entry).to_bytes(LENGTH_BYTES, "big"), entry)
    )


def read_entries(tile: Tile, content: bytes) -> list[bytes]:
    """
    Return the entries of a bundle.

    :raises TileDamaged: if lengths and bytes do not fit, or the count is another.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(content):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(content[at:start], "big")
        if start > len(content) or at > len(content):
            raise TileDamaged(f"tile/{tile.path} is cut off in entry {len(entries)}")
        entries.append(content[start:at])
    if len(entries) != tile.width:
        raise TileDamaged(
            f"tile/{tile.path} has {len(entries)} entries instead of {tile.width}"
        )
    return entries


def tile_with(height: int, index: int, size: int) -> Tile:
    """Return the tile, as a tree of this size has it, that a node is hashed from."""
    level, above = divmod(height, HEIGHT)
    number = (index << above) // WIDTH
    nodes = size >> HEIGHT * level
    return Tile(level, number, min(WIDTH, nodes - number * WIDTH))


def node_in(
    size: int, hashes_of: Callable[[Tile], Sequence[bytes]]
) -> Callable[[int, int], bytes]:
    """Return how to find any whole node of a tree, given how to read its tiles."""

    def node_at(height: int, index: int) -> bytes:
        tile = tile_with(height, index, size)
        count = 1 << height % HEIGHT
        first = index * count % WIDTH
        return root_of(hashes_of(tile)[first : first + count])

    return node_at


def frontier_in(size: int, hashes_of: Callable[[Tile], Sequence[bytes]]) -> Frontier:
    """Return the frontier of a tree, from its right-hand tiles alone."""
    node_at = node_in(size, hashes_of)
    heights = [h for h in reversed(range(size.bit_length())) if size >> h & 1]
    return Frontier(size, tuple(node_at(h, (size >> h) - 1) for h in heights))
