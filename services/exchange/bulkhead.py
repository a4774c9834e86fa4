"""
Threads that wait for departments, so that no worker slot does.

Each name may fill only a few of them. A process without such threads (a test, a
command, the web) does the work itself, at once.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import NamedTuple

from django.db import connections

logger = logging.getLogger(__name__)

THREADS = 32


class Manners(NamedTuple):
    """How to behave beside others; alone there is nobody to mind."""

    may_go_on: Callable[[], bool] = lambda: True
    let_go: Callable[[], None] = lambda: None  # of the database, before a long wait


ALONE = Manners()
Work = Callable[[Manners], object]


class Bulkhead:
    """A pool of threads in which each name has a few places."""

    def __init__(self, *, threads: int, each: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="department")
        self._each = each
        self._changed = Condition()
        self._busy: Counter[str] = Counter()
        self._again: set[str] = set()
        self._open = True

    def submit(self, name: str, work: Work) -> bool:
        """
        Have a thread do the work; False if this name fills its places.

        Then one of those at work does it once more when it has finished: what came
        in meanwhile may have been too late for it.
        """
        with self._changed:
            if not self._open:
                return False
            if self._busy[name] >= self._each:
                self._again.add(name)
                return False
            self._busy[name] += 1
        self._pool.submit(self._do, name, work)
        return True

    def close(self, *, within_s: float) -> int:
        """Take nothing new and wait for what is under way; return what is left."""
        end = time.monotonic() + within_s
        with self._changed:
            self._open = False
            self._again.clear()
            while self._busy.total() and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
            remaining = self._busy.total()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return remaining

    def _do(self, name: str, work: Work) -> None:
        manners = Manners(lambda: self._open, connections.close_all)
        again = True
        while again:
            try:
                work(manners)
            except Exception:
                logger.exception("work for %s failed", name)
            finally:
                connections.close_all()
            with self._changed:
                again = name in self._again
                self._again.discard(name)
                if not again:
                    self._busy[name] -= 1
                    self._changed.notify_all()


_pool: Bulkhead | None = None


def open_pool(*, each: int, threads: int = THREADS) -> None:
    """Have this process wait for departments in threads; after a fork, never before."""
    global _pool  # noqa: PLW0603  one per process
    _pool = Bulkhead(threads=threads, each=each)


def close_pool(*, within_s: float) -> int:
    """Wait for what is under way, but not for long; return what is left to leases."""
    global _pool
    pool, _pool = _pool, None
    return pool.close(within_s=within_s) if pool else 0


def hand_over(name: str, work: Work) -> bool:
    """Have work done in a thread, or here and now; False if its places are full."""
    if _pool is not None:
        return _pool.submit(name, work)
    work(ALONE)
    return True
