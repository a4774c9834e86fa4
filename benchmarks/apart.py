"""Work done in a process of its own: its time, and the most memory that it took."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import django

KILOBYTES = 1024


def apart(work: Callable[[], None]) -> tuple[float, int]:
    """Return how many seconds work takes, and the most kB that one process had."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=django.setup) as pool:
        return pool.submit(_measured, work).result()


def _measured(work: Callable[[], None]) -> tuple[float, int]:
    started = perf_counter()
    work()
    seconds = perf_counter() - started
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return seconds, max(children, _most_memory())


def _most_memory() -> int:
    """Return this program's peak in kB; getrusage counts who started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"^VmHWM:\s+(\d+) kB", status, re.M)
    assert peak
    return int(peak[1])
