"""The whole log checked, against hashing its leaves and nodes and nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from time import perf_counter

import psycopg

from benchmarks.apart import KILOBYTES, apart
from benchmarks.databases import let_go
from benchmarks.report import Result, result
from services.ledger.check import check_log

CORES = os.cpu_count() or 1


def checked(address: str, *, rounds: int) -> Result:
    """Measure full checks by all cores; hashing alternates with them."""
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT leaf FROM ledger_logentry").fetchall()
    leaves = [leaf.encode() for (leaf,) in rows]
    del rows
    parts = [leaves[at::CORES] for at in range(CORES)]
    let_go()
    pairs, peak = [], 0
    for _ in range(rounds):
        rival = len(leaves) / _seconds_of_hashing(parts)
        seconds, kilobytes = apart(check)
        peak = max(peak, kilobytes)
        pairs.append((len(leaves) / seconds, rival))
    return result(
        "checked",
        pairs=pairs,
        unit="entries/s",
        checked=f"{len(leaves):,} entries, clean, by {CORES} cores; each process at "
        f"most {peak // KILOBYTES} MB",
    )


def _seconds_of_hashing(parts: Sequence[Sequence[bytes]]) -> float:
    """Let each core hash its leaves, which it has in memory, and the nodes above."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("fork")) as pool:
        tasks = [pool.submit(_hash, part) for part in parts]
        return max(task.result() for task in tasks)


def _hash(leaves: Sequence[bytes]) -> float:
    started = perf_counter()
    row = [sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        row = [sha256(b"\1" + left + right).digest() for left, right in pairs]
    return perf_counter() - started


def check() -> None:
    """Check the log with all cores; it has to be clean."""
    found = check_log(workers=CORES).differences
    assert not found, found
