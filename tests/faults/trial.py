"""One fault, once: load, the fault, quiet, the checker."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.faults.checker import check
from tests.faults.checker.evidence import Evidence
from tests.faults.hall import Hall, NotInTime
from tests.faults.load import Load
from tests.faults.quiet import LOOK_S, Work, picture, untouched, wait_until_quiet, work
from tests.faults.timers import let_time_pass


@dataclass(frozen=True)
class Size:
    """How much is filed, how fast, and how long everything may take."""

    per_second: float
    load_s: float
    patience_s: float

    @property
    def filings(self) -> int:
        return round(self.per_second * self.load_s)


LONG = Size(per_second=20, load_s=20, patience_s=120)
SHORT = Size(per_second=10, load_s=4, patience_s=90)


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong; `act` lets it begin and end."""

    code: str
    name: str
    what: str
    act: Callable[[Trial], None]
    times: int = 3
    recovers_within_s: float | None = None
    obstacle: Callable[[Hall], str] = lambda _hall: ""


@dataclass
class Result:
    """What came of one repetition; no findings means that nothing was lost."""

    seed: int
    acknowledged: int = 0
    recovery_s: float | None = None
    quiet_s: float = 0.0
    took_s: float = 0.0
    findings: list[str] = field(default_factory=list)
    left_out: str = ""


@dataclass
class Trial:
    """What a fault may use while it acts."""

    hall: Hall
    load: Load
    dice: Random
    size: Size
    findings: list[str] = field(default_factory=list)
    recovery_s: float | None = None
    _open: list[tuple[float, Work]] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        """Let time pass under load."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.hall.wait(min(LOOK_S, left))
            self._look()

    def wait_a_while(self, low: float, high: float) -> None:
        """Wait for a share of the load's time, by chance between the two."""
        self.wait(self.dice.uniform(low, high) * self.size.load_s)

    def ends(self) -> None:
        """Note that the fault is over: from now on the hall has to recover."""
        self._open.append((time.monotonic(), work(self.hall, self.hall.books)))

    def expect(self, holds: object, finding: str) -> None:
        """Add what this fault alone can find."""
        if not holds:
            self.findings.append(finding)

    def wait_until_recovered(self) -> None:
        """Wait until what was stuck when the fault ended was taken up."""
        self.hall.wait_until(
            lambda: self._look() or not self._open,
            within_s=self.size.patience_s,
            what="what was stuck was taken up",
        )

    def wait_for_clients(self) -> None:
        """Wait until every filing was answered and what was stuck was taken up."""
        start = time.monotonic()
        while self.load.running or self._open:
            self.wait(LOOK_S)
            if time.monotonic() - start > 2 * self.size.patience_s:
                raise NotInTime("filings or stuck work remain without an answer")

    def _look(self) -> None:
        """Recovered is when all that was due at the end was taken up since."""
        if not self._open:
            return
        now = work(self.hall, self.hall.books)
        for episode in list(self._open):
            ended, before = episode
            if not untouched(before, now):
                took = time.monotonic() - ended
                self.recovery_s = max(took, self.recovery_s or 0.0)
                self._open.remove(episode)


def try_once(hall: Hall, fault: Fault, *, seed: int, size: Size) -> Result:
    """Run one repetition on a hall that begins anew."""
    result, started = Result(seed), time.monotonic()
    result.left_out = fault.obstacle(hall)
    if result.left_out:
        return result
    hall.open()
    load = Load(hall.folder / "load", hall.url, patience_s=size.patience_s)
    trial = Trial(hall, load, Random(seed), size)
    try:
        load.start(hall.take(size.filings), name="c", per_second=size.per_second)
        fault.act(trial)
        trial.wait_for_clients()
        result.quiet_s = wait_until_quiet(hall, within_s=size.patience_s)
        trial.findings += _checked(hall, load)
        let_time_pass(hall, within_s=size.patience_s)
        trial.findings += [
            finding
            for finding in _checked(hall, load, timers=True)
            if finding not in trial.findings
        ]
    except NotInTime as problem:
        trial.findings.append(f"{problem}\n      {picture(hall)}")
    finally:
        load.stop()
    result.recovery_s = trial.recovery_s
    result.findings = trial.findings
    _judge_recovery(fault, result)
    result.acknowledged = len(load.journal.which("acknowledged"))
    result.took_s = time.monotonic() - started
    return result


def _checked(hall: Hall, load: Load, *, timers: bool = False) -> list[str]:
    clock = hall.clock
    return check(
        Evidence(
            books=hall.books,
            journal=load.journal,
            now=clock.now(),
            moved=(timedelta(seconds=clock.back_s), timedelta(seconds=clock.on_s)),
            timers=timers,
        )
    )


def _judge_recovery(fault: Fault, result: Result) -> None:
    limit, took = fault.recovers_within_s, result.recovery_s
    if limit is not None and took is not None and took > limit:
        result.findings.append(f"recovered after {took:.0f} s, not {limit:.0f} s")
