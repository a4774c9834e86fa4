"""Hold a worker back, let it go, and see when it is done."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter, sleep

from celery import Celery

PATIENCE_S = 300
LOOK_S = 0.02
LOOK_CLOSELY_S = 0.001


def pause(app: Celery, node: str, queue: str) -> None:
    """Let a worker leave its queue alone; wait until it says so."""
    if not app.control.cancel_consumer(
        queue, destination=[node], reply=True, timeout=5
    ):
        sys.exit(f"{node} does not answer")


def resume(app: Celery, node: str, queue: str) -> float:
    """Let a worker at its queue; return when it was told."""
    started = perf_counter()
    app.control.add_consumer(queue, destination=[node])
    return started


def wait_for(condition: Callable[[], bool], *, every_s: float = LOOK_S) -> None:
    """Look again and again, and give up after a long while."""
    deadline = perf_counter() + PATIENCE_S
    while not condition():
        if perf_counter() > deadline:
            sys.exit(f"not done after {PATIENCE_S} s")
        sleep(every_s)
