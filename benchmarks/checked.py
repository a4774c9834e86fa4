"""The whole log checked, against hashing its leaves and nodes and nothing else."""

from __future__ import annotations

import os
import re
import resource
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import django
import psycopg

from benchmarks.databases import let_go
from benchmarks.report import Result, result
from services.ledger.check import check_log

CORES = os.cpu_count() or 1
KILOBYTES = 1024


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
        seconds, kilobytes = _seconds_of_checking()
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


def _seconds_of_checking() -> tuple[float, int]:
    """Check in a process of its own; return its time, and the most memory of one."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=django.setup) as pool:
        return pool.submit(_check).result()


def _check() -> tuple[float, int]:
    started = perf_counter()
    found = check_log(workers=CORES).differences
    assert not found, found
    seconds = perf_counter() - started
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return seconds, max(children, _most_memory())


def _most_memory() -> int:
    """Return this program's peak in kB; getrusage counts who started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"^VmHWM:\s+(\d+) kB", status, re.M)
    assert peak
    return int(peak[1])
