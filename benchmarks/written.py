"""Entries sequenced, signed and durable per second, against rows with no tree."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator
from statistics import quantiles
from threading import Event, Thread
from time import perf_counter
from typing import Any

import psycopg

from benchmarks.logged import (
    LOOK_S,
    PATIENCE_S,
    PER_COMMIT,
    WRITERS,
    Run,
    chaining_writer,
    copying_writer,
    our_writer,
    run_writers,
    writers_of,
)
from benchmarks.report import Result, result
from benchmarks.servers import Servers

UNIT = "entries/s"
PLAIN = "CREATE TABLE plain_entry (LIKE ledger_logentry INCLUDING ALL)"
CHAIN = (
    "CREATE TABLE chain_entry (LIKE ledger_logentry INCLUDING ALL,"
    " link bytea NOT NULL, place bigserial UNIQUE)"
)
AGAIN = "CREATE TABLE again_entry (LIKE ledger_logentry INCLUDING ALL)"
LOAD = 0.5  # of what was reached, while the time to a checkpoint is measured


class Covering(Thread):
    """Notes when each checkpoint can be seen, and how far it reaches."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._connection = psycopg.connect(address, autocommit=True)
        self._enough = Event()
        self.sizes: list[int] = []
        self.seen: list[float] = []

    def run(self) -> None:
        while not self._enough.wait(LOOK_S):
            row = self._connection.execute(
                "SELECT max(size) FROM ledger_checkpoint", prepare=True
            ).fetchone()
            size = (row and row[0]) or 0
            if size > (self.sizes[-1] if self.sizes else -1):
                self.sizes.append(size)
                self.seen.append(perf_counter())

    def wait_for(self, size: int) -> None:
        """Wait until a checkpoint covers so many entries."""
        deadline = perf_counter() + PATIENCE_S
        while not self.sizes or self.sizes[-1] < size:
            assert perf_counter() < deadline, f"no checkpoint over {size} entries"
            time.sleep(LOOK_S)

    def covered_at(self, index: int) -> float:
        """Return when an entry was first covered."""
        return self.seen[bisect_left(self.sizes, index + 1)]

    def stop(self) -> None:
        self._enough.set()
        self.join()
        self._connection.close()


class Written:
    """Rounds of our writers with the sequencer beside them, and of both rivals."""

    def __init__(self, running: Servers) -> None:
        self._running = running
        self._address = running.database
        self._rounds = 0
        self._placed = 0
        self._rates: list[tuple[float, float]] = []
        self._chained: list[tuple[float, float]] = []
        self._delays: list[tuple[float, float]] = []

    def start(self, batches: int) -> None:
        """Start the sequencer; let every company be met once."""
        from benchmarks.databases import let_go
        from services.ledger.models import LogEntry

        let_go()
        with psycopg.connect(self._address, autocommit=True) as connection:
            for table in (PLAIN, AGAIN, CHAIN):
                connection.execute(table)
        self._running.stack.launch_sequencer()
        covering = self._covering()
        self._placed = LogEntry.objects.count()  # what making the city has left
        covering.wait_for(self._placed)
        self._ours(covering, batches=min(batches, 10))
        covering.stop()

    def run(self, *, batches: int, links: int) -> None:
        """Measure one round."""
        covering = self._covering()
        rate, rows = self._ours(covering, batches=batches)
        parts = [rows[at::WRITERS] for at in range(WRITERS)]
        plain = self._plain(parts, batches)
        self._rates.append((rate, plain))
        self._chained.append((rate, self._chain(parts, links)))
        every_s = WRITERS * PER_COMMIT / (LOAD * rate)
        few = max(10, batches // 4)
        ours = self._delay(covering, few, every_s)
        run = self._copies(parts, few, every_s, table="again_entry")
        self._delays.append((ours, _p95([end - began for began, end in run.commits])))
        covering.stop()

    def results(self) -> Iterator[Result]:
        """Check the whole log, and return the results."""
        from services.ledger.check import check_log
        from services.ledger.models import Checkpoint

        found = check_log().differences
        assert not found, found
        signed = Checkpoint.objects.count()
        checked = f"{self._placed} entries in {signed} checkpoints, clean"
        yield result("written", pairs=self._rates, unit=UNIT, checked=checked)
        yield result("written_chain", pairs=self._chained, unit=UNIT, checked=checked)
        yield result("covered_p95", pairs=self._delays, unit="ms", checked=checked)

    def _covering(self) -> Covering:
        covering = Covering(self._address)
        covering.start()
        return covering

    def _ours(self, covering: Covering, *, batches: int) -> tuple[float, list[Any]]:
        run = self._write(batches)
        count = WRITERS * batches * PER_COMMIT
        first, self._placed = self._placed, self._placed + count
        covering.wait_for(self._placed)
        rate = count / (covering.covered_at(self._placed - 1) - run.started)
        with psycopg.connect(self._address) as connection:
            rows = connection.execute(
                "SELECT * FROM ledger_logentry ORDER BY id DESC LIMIT %s", (count,)
            ).fetchall()
        assert self._placed - first == len(rows)
        return rate, rows

    def _write(self, batches: int, every_s: float = 0) -> Run:
        self._rounds += 1
        names = [(f"R{self._rounds}W{at}", batches) for at in range(WRITERS)]
        writers = writers_of(our_writer, names)
        return run_writers(writers, batches=batches, every_s=every_s)

    def _plain(self, parts: list[list[Any]], batches: int) -> float:
        run = self._copies(parts, batches, 0, table="plain_entry")
        return WRITERS * batches * PER_COMMIT / (run.ended - run.started)

    def _copies(
        self, parts: list[list[Any]], batches: int, every_s: float, *, table: str
    ) -> Run:
        writers = writers_of(
            copying_writer, [(self._address, table, part) for part in parts]
        )
        return run_writers(writers, batches=batches, every_s=every_s)

    def _chain(self, parts: list[list[Any]], links: int) -> float:
        writers = writers_of(
            chaining_writer, [(self._address, "chain_entry", part) for part in parts]
        )
        run = run_writers(writers, batches=links)
        return WRITERS * links / (run.ended - run.started)

    def _delay(self, covering: Covering, batches: int, every_s: float) -> float:
        """Return the 95th percentile of the time from commit to checkpoint, in ms."""
        run = self._write(batches, every_s)
        count = WRITERS * batches * PER_COMMIT
        first, self._placed = self._placed, self._placed + count
        covering.wait_for(self._placed)
        ends = self._batch_ends(first)
        # Writers hand their commits in one after the other, in the order of batches.
        waits = [
            covering.covered_at(ends[at]) - end
            for at, (_, end) in enumerate(run.commits)
        ]
        return _p95(waits)

    def _batch_ends(self, first: int) -> list[int]:
        """Return the index of each batch's last entry, writer by writer."""
        from services.ledger.drill.copying import placed_ids
        from services.ledger.models import LogEntry

        places = {pk: at for at, pk in enumerate(placed_ids(self._placed))}
        ends: dict[str, int] = {}
        newest = list(places)[first:]
        for pk, case in LogEntry.objects.filter(pk__among=newest).values_list(
            "pk", "case"
        ):
            ends[case] = max(ends.get(case, 0), places[pk])
        batches = len(ends) // WRITERS
        return [
            ends[f"R{self._rounds}W{at}-{number}"]
            for at in range(WRITERS)
            for number in range(batches)
        ]


def _p95(seconds: list[float]) -> float:
    return 1_000 * quantiles(seconds, n=20)[-1]
