"""
A Merkle tree as RFC 6962 §2.1 defines it, appended to through its frontier. Pure.

A *frontier* holds the hashes of the full subtrees that a tree of this size is made
of, largest first: one for each bit that is set in the size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import iter_unpack
from typing import NamedTuple

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
TILE_HEIGHT = 8  # C2SP tlog-tiles keeps the nodes of every eighth row


class Node(NamedTuple):
    """A node of a tile's row above the leaves: level 1 stands over 256 of them."""

    level: int
    number: int
    hash: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf."""
    return sha256(LEAF_PREFIX + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return sha256(NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to append to a tree and to know its root."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count():
            raise ValueError(f"{len(self.hashes)} hashes cannot carry {self.size}")

    def append(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """Return the frontier after these leaves."""
        return self.grow(leaf_hashes)[0]

    def grow(self, leaf_hashes: Iterable[bytes]) -> tuple[Frontier, list[Node]]:
        """Return the frontier after these leaves, and the tiles' nodes now whole."""
        row, before, after = list(leaf_hashes), list(self.hashes), list[bytes]()
        size, nodes = self.size + len(row), list[Node]()
        first, height = self.size, 0  # the number of the row's first node
        while row or before:
            if first & 1:  # its left neighbour stands in the frontier
                row.insert(0, before.pop())
            if len(row) & 1:
                after.append(row.pop())
            row, first, height = _row_above(row), first >> 1, height + 1
            if height % TILE_HEIGHT == 0:
                level = height // TILE_HEIGHT
                nodes += [Node(level, at, each) for at, each in enumerate(row, first)]
        return Frontier(size, tuple(reversed(after))), nodes

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def pack(self) -> bytes:
        """Return the hashes as they are stored."""
        return b"".join(self.hashes)


def unpack_frontier(size: int, packed: bytes) -> Frontier:
    """
    Return the frontier that `pack` wrote.

    :raises ValueError: if the bytes cannot belong to a tree of this size.
    """
    return Frontier(size, tuple(split_hashes(packed)))


def split_hashes(packed: bytes) -> list[bytes]:
    """
    Return the hashes of a packed string.

    :raises ValueError: if its length is not a multiple of 32 bytes.
    """
    if len(packed) % HASH_BYTES:
        raise ValueError(f"{len(packed)} bytes are no whole number of hashes")
    return [digest for (digest,) in iter_unpack(f"{HASH_BYTES}s", packed)]


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over a range of leaves, row by row: quicker than appending."""
    row = list(leaf_hashes) or [EMPTY_ROOT]
    while len(row) > 1:
        odd = row[len(row) & ~1 :]
        row = _row_above(row) + odd
    return row[0]


def _row_above(row: Sequence[bytes]) -> list[bytes]:
    """Return the nodes above pairs of nodes; a last one without a sibling has none."""
    pairs = zip(row[::2], row[1::2], strict=False)
    return [sha256(NODE_PREFIX + left + right).digest() for left, right in pairs]
