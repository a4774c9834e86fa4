"""
Compare two checkpoints of a log, and no more of it than that takes. Pure.

`services.ledger.verify` is the program around it.
"""

from __future__ import annotations

from functools import cache

from services.ledger.exported import DoesNotHold, Source, signed_checkpoint
from services.ledger.note import Checkpoint, VerifierKey
from services.ledger.proofs import (
    ProofFails,
    Range,
    check_consistency,
    consistency_ranges,
    range_hash,
)
from services.ledger.tiles import node_in


def verify_pair(
    old: str, new: str, key: VerifierKey, *, source: Source | None
) -> Checkpoint:
    """
    Return the later of two checkpoints, which the earlier is the beginning of.

    :param source: where the log's hashes are; two of one size need none.
    :raises DoesNotHold: if they contradict each other, or without hashes cannot tell.
    """
    earlier, later = signed_checkpoint(old, key), signed_checkpoint(new, key)
    if earlier.size > later.size:
        raise DoesNotHold(
            f"the old checkpoint has {earlier.size} entries, the new one only "
            f"{later.size}: they are swapped"
        )
    if earlier.size == later.size:
        _refuse_fork(earlier, later)
    elif source is None:
        raise DoesNotHold(
            f"both are signed, but whether {later.size} entries continue "
            f"{earlier.size} only the log shows: give its folder or address"
        )
    else:
        _compare(earlier, later, source, key)
    return later


def _refuse_fork(one: Checkpoint, other: Checkpoint) -> None:
    if one.root != other.root:
        raise DoesNotHold(
            f"a fork: {one.origin} signed two logs of {one.size} entries, with the "
            f"roots {one.root.hex()} and {other.root.hex()}; keep both checkpoints"
        )


def _compare(
    old: Checkpoint, new: Checkpoint, source: Source, key: VerifierKey
) -> None:
    """Prove that one continues the other, from the few tiles that the proof needs."""
    size = signed_checkpoint(source.checkpoint_text(), key).size
    if size < new.size:
        raise DoesNotHold(f"that log has only {size} entries of the {new.size}")
    node_at = node_in(size, cache(source.hashes))
    ranges = consistency_ranges(old=old.size, size=new.size)
    try:
        check_consistency(
            old=old.size,
            old_root=old.root,
            size=new.size,
            root=new.root,
            proof=[range_hash(each, node_at) for each in ranges],
        )
    except ProofFails as problem:
        if range_hash(Range(0, new.size), node_at) != new.root:
            raise DoesNotHold(
                f"the hashes there do not lead to the new checkpoint of {new.size} "
                "entries: they are damaged, or of another log"
            ) from None
        raise DoesNotHold(
            f"{new.size} entries do not continue the {old.size} of the old checkpoint: "
            f"the log was rewritten ({problem}); keep both checkpoints"
        ) from None
