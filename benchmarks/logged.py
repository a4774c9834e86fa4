"""Eight writers at once: entries into our log, or the same rows with no tree."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from time import perf_counter
from typing import Any, NamedTuple

import psycopg

WRITERS = 8
PER_COMMIT = 50
COMPANIES = 1_000
PATIENCE_S = 120.0
LOOK_S = 0.002

Row = tuple[Any, ...]
Write = Callable[[int], None]  # one batch, by its number


class Run(NamedTuple):
    """What a run of all writers took; `commits` are start and end of each."""

    started: float
    commits: list[tuple[float, float]]

    @property
    def ended(self) -> float:
        return max(end for _, end in self.commits)


def run_writers(
    writers: Sequence[Callable[[], Write]], *, batches: int, every_s: float = 0
) -> Run:
    """
    Let writers begin together, each in a process of its own.

    :param writers: what opens a connection and returns how a batch is written.
    :param every_s: how long after one batch the next one starts; 0: at once.
    """
    with ProcessPoolExecutor(len(writers), mp_context=get_context("fork")) as pool:
        start = perf_counter() + 1.0
        done = [
            pool.submit(_write_all, writer, batches, start + at * every_s / 8, every_s)
            for at, writer in enumerate(writers)
        ]
        return Run(start, [commit for each in done for commit in each.result()])


def _write_all(
    writer: Callable[[], Write], batches: int, start: float, every_s: float
) -> list[tuple[float, float]]:
    write = writer()
    commits = []
    for number in range(batches):
        time.sleep(max(0.0, start + number * every_s - perf_counter()))
        began = perf_counter()
        write(number)
        commits.append((began, perf_counter()))
    return commits


def our_writer(name: str, batches: int) -> Write:
    """Write through the log's own door; what is written is made beforehand."""
    from django.db import transaction
    from django.utils import timezone

    from services.ledger.operations.record import record_many

    made = [list(_entries(f"{name}-{number}")) for number in range(batches)]

    def write(number: int) -> None:
        with transaction.atomic():
            record_many(made[number], at=timezone.now())

    with transaction.atomic():  # a connection of its own
        transaction.set_rollback(True)
    return write


def _entries(batch: str) -> Iterator[Any]:
    from services.ledger.entry import Entry

    for number in range(PER_COMMIT):
        digest = sha256(f"{batch}-{number}".encode()).hexdigest()
        yield Entry(
            type="exchange.answered",
            office="scjg-330106",
            case=batch,
            exchange=digest[:32],
            subject=f"entity:{int(digest[:8], 16) % COMPANIES:018d}",
            purpose="办理食品经营许可",
            basis="食品安全法第35条",
            outcome="FOUND",
        )


def copying_writer(address: str, table: str, rows: Sequence[Row]) -> Write:
    """Copy rows that are made already, so many in one commit."""
    connection = psycopg.connect(address)

    def write(number: int) -> None:
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows[number * PER_COMMIT : (number + 1) * PER_COMMIT]:
                    copy.write_row(row)
            connection.commit()

    return write


def chaining_writer(address: str, table: str, rows: Sequence[Row]) -> Write:
    """Link each row to the last one under an advisory lock: one row in one commit."""
    connection = psycopg.connect(address)
    places = ", ".join(["%s"] * (len(rows[0]) + 1))

    def write(number: int) -> None:
        row = rows[number]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(1)", prepare=True)
            cursor.execute(
                f"SELECT link FROM {table} ORDER BY place DESC LIMIT 1", prepare=True
            )
            last = cursor.fetchone()
            link = sha256((last[0] if last else b"") + row[2]).digest()
            cursor.execute(
                f"INSERT INTO {table} VALUES ({places})", (*row, link), prepare=True
            )
            connection.commit()

    return write


def writers_of(make: Callable[..., Write], parts: Sequence[Row]) -> list[Any]:
    """Return eight writers, each with arguments of its own."""
    return [partial(make, *part) for part in parts]
