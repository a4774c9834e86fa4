"""One fault, once: load, the fault, quiet, the checker."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import psycopg
import redis

from tests.faults.checker import check
from tests.faults.checker.evidence import Evidence
from tests.faults.hall import Hall, NotInTime
from tests.faults.load import Load
from tests.faults.own import own_checks
from tests.faults.quiet import picture, wait_until_quiet
from tests.faults.timers import let_time_pass
from tests.faults.trial import Fault, Result, Size, Trial


def try_once(hall: Hall, fault: Fault, *, number: int, seed: int, size: Size) -> Result:
    """Run one repetition; its deadlines are left to `pass_deadlines`."""
    result = Result(seed, left_out=fault.obstacle(hall))
    if result.left_out:
        return result
    started = time.monotonic()
    hall.switch("up")  # whatever an earlier fault could not put back
    if not size.short:
        size = replace(size, load_s=fault.longer * size.load_s)
    trial = _trial(hall, f"{fault.code}-{number}", seed, size)
    trial.number = number
    before = len(trial.load.journal.which("acknowledged"))
    _watch(trial, result, lambda: _one_fault(trial, fault))
    told = trial.load.journal.which("acknowledged")[before:]
    result.acknowledged = len(told)
    if len(told) > 1:
        seconds = told[-1]["at"] - told[0]["at"]
        result.per_second = round(len(told) / seconds, 1)
    result.recovery_s = trial.recovery_s
    _judge_recovery(fault, result, size)
    result.took_s = round(time.monotonic() - started, 1)
    return result


def pass_deadlines(hall: Hall, *, size: Size) -> Result:
    """Move the clock over every deadline of all that was filed; run the checker."""
    result = Result(seed=0)
    trial = _trial(hall, "deadlines", 0, size)
    _watch(trial, result, lambda: _deadlines(trial))
    return result


def _one_fault(trial: Trial, fault: Fault) -> None:
    if not fault.files_itself:
        trial.file()
    fault.act(trial)
    trial.wait_for_clients()
    wait_until_quiet(trial.hall, within_s=trial.size.patience_s)
    trial.findings += _checked(trial, timers=False)


def _deadlines(trial: Trial) -> None:
    let_time_pass(trial.hall, within_s=trial.size.patience_s)
    wait_until_quiet(trial.hall, within_s=trial.size.patience_s)
    trial.findings += _checked(trial, timers=True) + own_checks(trial.hall)


def _watch(trial: Trial, result: Result, act: Callable[[], None]) -> None:
    """Take the time, end the clients, and make what did not come about a finding."""
    started = time.monotonic()
    try:
        act()
    except (NotInTime, psycopg.Error, sqlite3.Error, redis.RedisError) as problem:
        trial.findings.append(f"{type(problem).__name__}: {problem}")
        trial.findings[-1] += f"\n      {picture(trial.hall)}"
    finally:
        trial.load.stop()
    result.findings = trial.findings
    result.note, result.void = trial.note, trial.void
    result.took_s = round(time.monotonic() - started, 1)


def _trial(hall: Hall, name: str, seed: int, size: Size) -> Trial:
    load = Load(hall.folder / "load", hall.url, patience_s=size.patience_s)
    return Trial(hall, load, Random(seed), size, name)


def _checked(trial: Trial, *, timers: bool) -> list[str]:
    clock = trial.hall.clock
    return check(
        Evidence(
            books=trial.hall.books,
            journal=trial.load.journal,
            now=clock.now(),
            moved=(timedelta(seconds=clock.back_s), timedelta(seconds=clock.on_s)),
            timers=timers,
        )
    )


def _judge_recovery(fault: Fault, result: Result, size: Size) -> None:
    """Hold the time against its limit, unless leases were passed by the clock."""
    limit, took = fault.recovers_within_s, result.recovery_s
    if limit is None or size.short:
        return
    if took is None:
        result.void = result.void or "nothing is known of its recovery"
    elif took > limit:
        result.findings.append(f"recovered after {took:.0f} s, not {limit:.0f} s")
