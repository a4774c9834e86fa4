"""The proof of a random entry, against reading the tiles that it is made of."""

from __future__ import annotations

from random import Random
from statistics import quantiles
from time import perf_counter

from benchmarks.report import Result, result
from services.ledger.covering import newest_checkpoint, proof_of_entry
from services.ledger.models import LogEntry
from services.ledger.proofs import check_inclusion, inclusion_ranges, range_hash
from services.ledger.shelf import hashes_of
from services.ledger.tiles import Tile, node_in
from services.ledger.tree import leaf_hash

PROOFS = 200  # a round


def proved(*, rounds: int) -> Result:
    """Measure rounds of proofs, each of an entry that no other one asked for."""
    random = Random(1)
    signed = newest_checkpoint()
    assert signed
    pairs = []
    for _ in range(rounds):
        ids = random.sample(range(1, LogEntry.objects.latest("pk").pk), PROOFS)
        pairs.append(_round(ids, signed.size))
    return result(
        "proof_p95",
        pairs=pairs,
        unit="ms",
        checked=f"{rounds * PROOFS} proofs verify in a tree of {signed.size:,}",
    )


def _round(ids: list[int], size: int) -> tuple[float, float]:
    ours, rival = [], []
    for pk in ids:
        started = perf_counter()
        proof = proof_of_entry(pk)
        ours.append(perf_counter() - started)
        assert proof
        leaf = leaf_hash(LogEntry.objects.get(pk=pk).leaf.encode())
        root = bytes(_root(size))
        check_inclusion(
            leaf=leaf, index=proof.index, size=size, root=root, proof=proof.hashes
        )
        tiles = _tiles(proof.index, size)
        started = perf_counter()
        for tile in tiles:
            hashes_of(tile)
        rival.append(perf_counter() - started)
    return _p95(ours), _p95(rival)


def _tiles(index: int, size: int) -> list[Tile]:
    """Return the tiles that a proof is made of, in the order they are asked for."""
    asked: dict[Tile, None] = {}

    def note(tile: Tile) -> list[bytes]:
        asked[tile] = None
        return [b""] * tile.width

    node_at = node_in(size, note)
    for each in inclusion_ranges(index=index, size=size):
        range_hash(each, node_at)
    return list(asked)


def _root(size: int) -> bytes:
    from services.ledger.models import TreeHead

    return bytes(TreeHead.objects.get(size=size).root)


def _p95(seconds: list[float]) -> float:
    return 1_000 * quantiles(seconds, n=20)[-1]
