"""
Proofs of inclusion and consistency (RFC 6962 §2.1.1 and §2.1.2). Pure.

Making a proof means to name ranges of leaves whose hashes it consists of; where those
hashes come from is the caller's affair (tiles, a list). Checking one needs nothing but
hashes and follows RFC 9162 §2.1.3.2 and §2.1.4.2, which share no code with the making.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.ledger.tree import EMPTY_ROOT, node_hash


@dataclass(frozen=True, slots=True)
class Range:
    """Leaves `start` up to, not including, `end`."""

    start: int
    end: int

    @property
    def count(self) -> int:
        return self.end - self.start


class ProofFails(Exception):
    """A proof does not show what it should; the message says where it ends."""


def largest_power_below(count: int) -> int:
    """Return the largest power of two smaller than `count` (> 1), RFC 6962's k."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_ranges(*, index: int, size: int) -> list[Range]:
    """
    Return the ranges whose hashes prove a leaf, the leaf's sibling first.

    :raises ValueError: if the tree of this size has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + largest_power_below(end - start)
        if index < middle:
            found.append(Range(middle, end))
            end = middle
        else:
            found.append(Range(start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(*, old: int, size: int) -> list[Range]:
    """
    Return the ranges whose hashes prove that a tree only grew.

    :raises ValueError: if the old tree is larger.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} leaves is no beginning of one of {size}")
    if old in (0, size):
        return []
    found: list[Range] = []
    start, end, whole = 0, size, True
    while end != old:
        middle = start + largest_power_below(end - start)
        if old <= middle:
            found.append(Range(middle, end))
            end = middle
        else:
            found.append(Range(start, middle))
            start, whole = middle, False
    if not whole:
        found.append(Range(start, end))
    return found[::-1]


def range_hash(leaves: Range, node_at: Callable[[int, int], bytes]) -> bytes:
    """
    Return the hash over a range, as RFC 6962 defines it for these leaves alone.

    :param node_at: the hash of the node of a height (0 = leaf) and index in its row;
        it is asked only for nodes all of whose leaves exist.
    """
    if leaves.count == 0:
        return EMPTY_ROOT
    height = leaves.count.bit_length() - 1
    if leaves.count == 1 << height and leaves.start % leaves.count == 0:
        return node_at(height, leaves.start >> height)
    middle = leaves.start + largest_power_below(leaves.count)
    return node_hash(
        range_hash(Range(leaves.start, middle), node_at),
        range_hash(Range(middle, leaves.end), node_at),
    )


def check_inclusion(
    *, leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """
    Check that a leaf (its hash) stands at an index of a tree.

    :raises ProofFails: if the proof does not show it (RFC 9162 §2.1.3.2).
    """
    if not 0 <= index < size:
        raise ProofFails(f"a tree of {size} leaves has no leaf {index}")
    found = leaf
    for on_the_left, sibling in _climb(index, size - 1, proof):
        pair = (sibling, found) if on_the_left else (found, sibling)
        found = node_hash(*pair)
    _compare(found, root, "tree")


def check_consistency(
    *, old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """
    Check that a tree is the beginning of a later one.

    :raises ProofFails: if the proof does not show it (RFC 9162 §2.1.4.2).
    """
    if not 0 <= old <= size:
        raise ProofFails(f"a tree of {old} leaves is no beginning of one of {size}")
    if old in (0, size):
        _check_trivial(old, old_root, root, proof, same=old == size)
        return
    # The old root of a full tree is itself a node of the new one, and left out.
    hashes = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not hashes:
        raise ProofFails("the proof is empty")
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = hashes[0]
    for on_the_left, sibling in _climb(place, last, hashes[1:]):
        if on_the_left:
            first = node_hash(sibling, first)
        second = node_hash(*((sibling, second) if on_the_left else (second, sibling)))
    _compare(first, old_root, "old tree")
    _compare(second, root, "new tree")


def _climb(
    place: int, last: int, siblings: Sequence[bytes]
) -> Iterator[tuple[bool, bytes]]:
    """
    Yield each sibling on the way up and whether it stands on the left.

    :raises ProofFails: if there are too many or too few for a row that ends at `last`.
    """
    for sibling in siblings:
        if last == 0:
            raise ProofFails("the proof goes on above the root")
        on_the_left = bool(place & 1) or place == last
        yield on_the_left, sibling
        while on_the_left and place and not place & 1:  # an edge without a sibling
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFails("the proof ends below the root")


def _check_trivial(
    old: int, old_root: bytes, root: bytes, proof: Sequence[bytes], *, same: bool
) -> None:
    if proof:
        raise ProofFails("nothing has to be proved, and yet there is a proof")
    if old == 0:
        _compare(EMPTY_ROOT, old_root, "old tree")
    if same:
        _compare(root, old_root, "old tree")


def _compare(found: bytes, stated: bytes, which: str) -> None:
    if found != stated:
        raise ProofFails(f"the proof leads to another root of the {which}")
