"""The rival at work: chords of four no-ops, a pile at a time or one by one."""

from __future__ import annotations

from functools import partial
from time import perf_counter

from benchmarks.servers import RIVAL_NODE, RIVAL_QUEUE, Servers, wait_until_up
from benchmarks.workers import LOOK_CLOSELY_S, pause, resume, wait_for

WARM_UP = 50


class Chords:
    """Celery chords before a worker of their own, with Celery's defaults."""

    def __init__(self, running: Servers) -> None:
        from benchmarks.chord import app, send_chord

        self._running = running
        self._app = app
        self._send = send_chord
        self._broker = running.broker_client()

    def start(self) -> None:
        """Start the worker and let it warm up."""
        self._running.start_rival()
        wait_until_up(self._app, RIVAL_NODE)
        self.piled(WARM_UP)

    def piled(self, count: int) -> float:
        """Return chords per second with so many waiting."""
        pause(self._app, RIVAL_NODE, RIVAL_QUEUE)
        chords = [self._send() for _ in range(count)]
        started = resume(self._app, RIVAL_NODE, RIVAL_QUEUE)
        for chord in chords:
            wait_for(partial(self._ended, chord))
        return count / (perf_counter() - started)

    def alone(self, count: int) -> list[float]:
        """Return the seconds that each chord takes while nothing else waits."""
        return [self._seconds() for _ in range(count)]

    def _seconds(self) -> float:
        started = perf_counter()
        chord = self._send()
        wait_for(partial(self._ended, chord), every_s=LOOK_CLOSELY_S)
        return perf_counter() - started

    def _ended(self, chord: str) -> bool:
        return bool(self._broker.exists(f"celery-task-meta-{chord}"))
