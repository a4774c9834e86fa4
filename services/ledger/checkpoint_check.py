"""Compare what was signed, and what the witness holds, with the tree."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import NamedTuple

from services.ledger import note
from services.ledger.entry import instant
from services.ledger.models import Checkpoint, TreeHead
from services.ledger.note import NoteRefused, NotSigned, VerifierKey
from services.ledger.signing import LogKeyUnusable, verifier_key, witness_keys
from services.ledger.span_check import Difference
from services.ledger.tree import EMPTY_ROOT
from services.ledger.witness import FolderWitness, Witness, WitnessDamaged, log_witness

SIZES_AT_ONCE = 1_000
WITNESS = "the witness's checkpoint"


class Outside(NamedTuple):
    """What the database is compared with: keys, and the witness."""

    key: VerifierKey
    witness: Witness
    cosigners: Sequence[VerifierKey] = ()


class Sight(NamedTuple):
    """A checkpoint where it was found, and what is wrong with it in itself."""

    size: int
    whose: str
    at: str
    root: bytes
    fault: str


def false_checkpoints(outside: Outside | None = None) -> Iterator[Difference]:
    """
    Yield what is wrong with checkpoints; the tree itself was derived before.

    :param outside: that of the settings if left out.
    """
    try:
        yield from _compare(outside or _outside())
    except (LogKeyUnusable, WitnessDamaged, OSError) as problem:
        yield Difference(f"checkpoints cannot be compared: {problem}")


def _outside() -> Outside:
    """Return that of the settings; a folder cosigns nothing."""
    witness = log_witness()
    cosigners = () if isinstance(witness, FolderWitness) else witness_keys()
    return Outside(verifier_key(), witness, cosigners)


def _compare(outside: Outside) -> Iterator[Difference]:
    key, witness, _ = outside
    both = heapq.merge(_signed(outside), _kept(key, witness), key=attrgetter("size"))
    by_size = groupby(both, key=attrgetter("size"))
    groups = ((size, list(sights)) for size, sights in by_size)
    remembers_all = isinstance(witness, FolderWitness)
    sure = 0
    while some := list(islice(groups, SIZES_AT_ONCE)):
        roots = _roots([size for size, _ in some])
        for size, sights in some:
            faults = [_fault(sight, roots.get(size)) for sight in sights]
            if remembers_all:
                faults.append(_unremembered(size, sights))
            wrong = list(dict.fromkeys(filter(None, faults)))
            yield from (Difference(fault, sure, max(size, sure + 1)) for fault in wrong)
            sure = sure if wrong else size


def _signed(outside: Outside) -> Iterator[Sight]:
    """Yield the checkpoints of the table, by size; once cosigned, all must be."""
    cosigned = False
    rows = Checkpoint.objects.order_by("size")
    for size, text, at in rows.values_list("size", "note", "signed_at").iterator():
        sight = _sight(text, outside.key, f"checkpoint {size}", instant(at))
        fault = sight.fault
        try:
            if outside.cosigners:
                note.open_note(text, outside.cosigners)
                cosigned = True
        except NoteRefused as problem:  # one that was edited is none
            if cosigned or not isinstance(problem, NotSigned):
                fault = fault or f"checkpoint {size}, cosignature: {problem}"
        if sight.size != size and not fault:
            fault = f"checkpoint {size} states a size of {sight.size}"
        yield sight._replace(size=size, fault=fault)


def _kept(key: VerifierKey, witness: Witness) -> Iterator[Sight]:
    """Yield what the witness holds, which has seen the log only grow."""
    last = 0
    for at, text in _lines(witness):
        sight = _sight(text, key, WITNESS, at)
        if not sight.fault and sight.size < last:
            fault = f"the witness goes back from {last} entries to {sight.size}"
            sight = sight._replace(fault=fault)
        last = max(last, sight.size)
        yield sight._replace(size=last)


def _lines(witness: Witness) -> Iterator[tuple[str, str]]:
    """Yield when it saw a checkpoint, if it tells, and its note."""
    if isinstance(witness, FolderWitness):
        yield from witness.history()
    elif newest := witness.newest():
        yield "", newest


def _sight(text: str, key: VerifierKey, whose: str, at: str) -> Sight:
    try:
        stated = note.parse_checkpoint(note.open_note(text, [key]).text)
    except NoteRefused as problem:
        return Sight(0, whose, at, b"", f"{whose}: {problem}")
    own = stated.origin == key.name
    fault = "" if own else f"{whose} is of the log {stated.origin}"
    return Sight(stated.size, whose, at, stated.root, fault)


def _roots(sizes: Sequence[int]) -> dict[int, bytes]:
    rows = TreeHead.objects.filter(size__among=sizes).values_list("size", "root")
    return {0: EMPTY_ROOT} | {size: bytes(root) for size, root in rows}


def _fault(sight: Sight, root: bytes | None) -> str:
    if sight.fault:
        return sight.fault
    if root is None:
        return f"{sight.whose} covers {sight.size} entries; the log has no such head"
    if root != sight.root:
        return f"{sight.whose} states another root over {sight.size} entries"
    return ""


def _unremembered(size: int, sights: Sequence[Sight]) -> str:
    """Tell what the witness saw otherwise: each checkpoint came to it first."""
    signed = [sight.at for sight in sights if sight.whose != WITNESS]
    seen = [sight.at for sight in sights if sight.whose == WITNESS]
    if signed and not seen:
        return f"the witness does not remember checkpoint {size}"
    if not {*signed} <= {*seen}:
        return f"checkpoint {size} came to the witness at another time"
    return ""
