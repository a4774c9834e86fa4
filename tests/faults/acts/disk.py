"""Disks without room, each until a write has failed on it."""

from __future__ import annotations

import time
from contextlib import suppress

import psycopg
import redis

from tests.faults.hall import Hall
from tests.faults.trial import Trial

NO_SPACE = "No space left on device"
FULL_AT_MOST_S = 25.0  # for so long a write may fail to fail
SHARE = 0.4  # of the load, for each disk
PADDING = 20_000  # more than the last page of a log may still take


def fill_disks(trial: Trial) -> None:
    """F14: no room under the database, then the broker, then the logs."""
    seen = []
    for name in trial.hall.disks:
        trial.file(SHARE, f"-{name}")
        trial.wait_a_while(0.05, 0.1)
        took = _fill(trial, name)
        if name == "database":
            trial.hall.database.start_if_dead()
        trial.ends()
        trial.wait_until_recovered()
        if took is None:
            trial.void = f"no write failed for want of space under the {name}"
        else:
            seen.append(f"{name} after {took:.1f} s")
    trial.note = f"free space 0 and a write refused: {', '.join(seen)}"


def _fill(trial: Trial, name: str) -> float | None:
    """Leave no room; return how long it took until a write failed, if one did."""
    hall, disk = trial.hall, trial.hall.disks[name]
    before, took = _complaints(hall), None
    disk.fill()
    start = time.monotonic()
    try:
        while took is None and time.monotonic() - start < FULL_AT_MOST_S:
            hall.wait(0.1)
            if not disk.has_room and FAILED[name](hall, before):
                took = time.monotonic() - start
        hall.wait(trial.dice.uniform(0.1, 0.2) * trial.size.load_s)
    finally:
        disk.clear()
    return took


def _database_failed(hall: Hall, before: int) -> bool:
    """Tell whether the database said in its log that there is no room."""
    return _complaints(hall) > before


def _complaints(hall: Hall) -> int:
    return hall.log("database").count(NO_SPACE)


def _broker_failed(hall: Hall, _before: int) -> bool:
    """Tell whether the broker says that it could not write what it was told."""
    with redis.Redis.from_url(hall.stack.environment["REDIS_URL"]) as broker:
        said = broker.info("persistence")
    return bool(said["aof_last_write_status"] == "err")


def _log_failed(hall: Hall, _before: int) -> bool:
    """Let the database log a long complaint; tell whether its end is missing."""
    mark = f"the end of complaint {time.monotonic_ns()}"
    words = f"DO $$ BEGIN RAISE EXCEPTION '{'x' * PADDING} {mark}'; END $$"
    with suppress(psycopg.Error), hall.database.connect() as connection:
        connection.execute(words)
        return False  # it did not even raise
    return mark not in hall.log("database")


FAILED = {
    "database": _database_failed,
    "broker": _broker_failed,
    "log": _log_failed,
}


def no_small_disk(hall: Hall) -> str:
    """Say why no disk can be full here."""
    if all(disk.is_own for disk in hall.disks.values()):
        return ""
    return "no right to mount a small disk here (needs root and a mount namespace)"
