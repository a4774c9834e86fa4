"""How the hash of an entry leads to the signed root: a drawing, and a table."""

from __future__ import annotations

from typing import NamedTuple

from services.ledger import note
from services.ledger.covering import EntryProof, proof_of_entry
from services.ledger.models import LogEntry
from services.ledger.proofs import Range, inclusion_ranges
from services.ledger.tree import leaf_hash, node_hash

ROW = 46  # pixels from one level of the drawing to the next
MIDDLE, ASIDE, MARGIN = 260, 150, 24  # pixels
BESIDE = 14  # pixels from a node to its words


class Node(NamedTuple):
    """A node of the drawing: what it covers, and where it stands."""

    hash: str
    leaves: Range
    x: int
    y: int

    @property
    def words_x(self) -> int:
        """Return where its words begin, or end if it stands on the left."""
        return self.x - BESIDE if self.x < MIDDLE else self.x + BESIDE

    @property
    def last(self) -> int:
        """Return the index of its last leaf."""
        return self.leaves.end - 1


class Step(NamedTuple):
    """A node on the way, its sibling, and the node that both make."""

    own: Node
    sibling: Node
    above: Node

    @property
    def sibling_is_left(self) -> bool:
        """Return on which side the sibling goes into the hash."""
        return self.sibling.x < MIDDLE


class WayUp(NamedTuple):
    """An entry's way to the root of a signed tree."""

    proof: EntryProof
    leaf: Node
    steps: list[Step]
    head: note.Checkpoint

    @property
    def root(self) -> Node:
        """Return where the way ends."""
        return self.steps[-1].above if self.steps else self.leaf

    @property
    def holds(self) -> bool:
        """Return whether it ends at the root that was signed."""
        return self.root.hash == self.head.root.hex()

    @property
    def width(self) -> int:
        """Return how wide the drawing is, in pixels."""
        return 2 * MIDDLE

    @property
    def height(self) -> int:
        """Return how high the drawing is, in pixels."""
        return self.leaf.y + MARGIN


def way_of(row: LogEntry) -> WayUp | None:
    """
    Return the way of an entry, from its text; None while no checkpoint covers it.

    :raises TileMissing: if the stored tree has a hole.
    """
    proof = proof_of_entry(row.pk)
    return draw(leaf_hash(row.leaf.encode()), proof) if proof else None


def draw(leaf: bytes, proof: EntryProof) -> WayUp:
    """Return the way from a leaf's hash up, as far as the proof leads."""
    ranges = inclusion_ranges(index=proof.index, size=proof.size)
    y = MARGIN + ROW * len(ranges)
    own = first = _node(leaf, Range(proof.index, proof.index + 1), y)
    steps = []
    for leaves, hashed in zip(ranges, proof.hashes, strict=True):
        on_the_left = leaves.start < own.leaves.start
        sibling = _node(hashed, leaves, own.y, -ASIDE if on_the_left else ASIDE)
        left, right = (sibling, own) if on_the_left else (own, sibling)
        made = node_hash(bytes.fromhex(left.hash), bytes.fromhex(right.hash))
        both = Range(left.leaves.start, right.leaves.end)
        above = _node(made, both, own.y - ROW)
        steps.append(Step(own, sibling, above))
        own = above
    head = note.parse_checkpoint(note.parse_note(proof.note).text)
    return WayUp(proof, first, steps, head)


def _node(hashed: bytes, leaves: Range, y: int, aside: int = 0) -> Node:
    return Node(hashed.hex(), leaves, MIDDLE + aside, y)
