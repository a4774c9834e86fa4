"""What goes wrong, what it may use while it does, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.faults.database import Database
from tests.faults.files import Files
from tests.faults.hall import Hall, NotInTime
from tests.faults.load import Load
from tests.faults.quiet import LOOK_S, Work, untouched, work

LEASE_S = 31.0  # longer than any lease
LEASE_WAIT_S = 3.0  # for so long the short form waits before the clock passes a lease


@dataclass(frozen=True)
class Size:
    """How much is filed, how fast, and how long everything may take."""

    per_second: float
    load_s: float
    patience_s: float
    #: One hall for all faults, and leases passed by the clock.
    short: bool = False


LONG = Size(per_second=20, load_s=20, patience_s=120)
SHORT = Size(per_second=10, load_s=2.5, patience_s=60, short=True)


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong; `act` lets it begin and end."""

    code: str
    name: str
    what: str
    act: Callable[[Trial], None]
    times: int = 3
    recovers_within_s: float | None = None
    database: type[Database | Files] = Database
    longer: float = 1  # in the long form: so many times the load
    files_itself: bool = False
    together: int = 5  # in the long form: so many repetitions share a hall
    in_short: bool = True
    obstacle: Callable[[Hall], str] = lambda _hall: ""


@dataclass
class Result:
    """What came of one repetition; no findings means that nothing was lost."""

    seed: int
    acknowledged: int = 0
    per_second: float | None = None  # filings that were really acknowledged
    recovery_s: float | None = None
    quiet_s: float = 0.0
    took_s: float = 0.0
    findings: list[str] = field(default_factory=list)
    note: str = ""
    left_out: str = ""
    void: str = ""  # why it shows nothing: the fault did not come about
    commit: str = ""  # that it was done on

    @property
    def proves(self) -> bool:
        """Whether the fault came about, so that the checker's word counts."""
        return not self.void and not self.left_out


@dataclass
class Trial:
    """What a fault may use while it acts."""

    hall: Hall
    load: Load
    dice: Random
    size: Size
    name: str
    number: int = 1  # of the repetition
    findings: list[str] = field(default_factory=list)
    note: str = ""
    void: str = ""
    recovery_s: float | None = None
    _open: list[tuple[float, Work]] = field(default_factory=list)

    def file(self, share: float = 1, name: str = "") -> None:
        """Let filings come in for a share of the load's time."""
        count = round(share * self.size.load_s * self.size.per_second)
        self.file_some(count, name=name)

    def file_some(
        self, count: int, *, name: str, item: str = "", times_faster: float = 1
    ) -> None:
        """Let so many filings come in, of one item if it is named."""
        rate = times_faster * self.size.per_second
        filings = self.hall.take(count, item)
        self.load.start(filings, name=f"{self.name}{name}", per_second=rate)

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
        self._wait_while(lambda: bool(self._open))

    def wait_while_filing(self) -> None:
        """Wait until every filing was answered."""
        self._wait_while(lambda: self.load.running)

    def wait_for_clients(self) -> None:
        """Wait until every filing was answered, and what was stuck was taken up."""
        self._wait_while(lambda: self.load.running or bool(self._open))

    def _wait_while(self, lasts: Callable[[], bool]) -> None:
        start = time.monotonic()
        while lasts():
            self.wait(LOOK_S)
            waited = time.monotonic() - start
            if self.size.short and self._open and waited % LEASE_WAIT_S < LOOK_S:
                self.hall.clock.move(LEASE_S)
            if waited > 2 * self.size.patience_s:
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
