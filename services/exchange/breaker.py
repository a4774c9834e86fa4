"""
When a line is left alone, and when one small probe may go. Pure.

A line leads to a department, or to the hub that stands before some of them. It is
closed while calls get through, open after several have failed in a row, and half open
while one probe is under way. The pause before the next probe doubles up to half a
minute; its jitter comes from the line's name, so a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple
from zlib import crc32

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"
FAILURES = 5  # calls in a row that nobody answered
FIRST, LONGEST = 2.0, 30.0  # seconds before a probe
JITTER = 0.25  # of the pause, taken off
PROBE = timedelta(seconds=20)  # then whoever probed has vanished
PROBE_SIZE = 5  # questions: one that spoils every call is not alone
# Nothing is written so far ahead: if it is, the clock has been put back since.
HORIZON = 2 * max(timedelta(seconds=LONGEST), PROBE)


class Line(NamedTuple):
    """How a line stands."""

    state: str = CLOSED
    failures: int = 0
    opened_at: datetime | None = None
    probe_at: datetime | None = None  # half open: when the probe counts as lost


class Admission(IntEnum):
    """What may be sent."""

    NOTHING = 0
    PROBE = 1
    ALL = 2


def admission(lines: Iterable[Line], now: datetime) -> Admission:
    """Return what may be sent over all these lines at once."""
    return min((_admission(line, now) for line in lines), default=Admission.ALL)


def probing(line: Line, now: datetime) -> Line:
    """Return a line while somebody probes it; a closed one stays as it is."""
    if line.state == CLOSED:
        return line
    return line._replace(state=HALF_OPEN, probe_at=now + PROBE)


def after_failure(line: Line, *, name: str, now: datetime) -> Line:
    """Return a line after a call that nobody answered."""
    if line.state == OPEN:  # it was under way before the line was opened
        return line
    failures = line.failures + 1
    if line.state == CLOSED and failures < FAILURES:
        return line._replace(failures=failures)
    return Line(
        state=OPEN,
        failures=failures,
        opened_at=line.opened_at or now,
        probe_at=now + pause(name, failures),
    )


def pause(name: str, failures: int) -> timedelta:
    """Return how long a line rests after so many failed calls in a row."""
    doubled = FIRST * 2 ** min(max(failures - FAILURES, 0), 16)
    share = crc32(f"{name}/{failures}".encode()) / 2**32
    return timedelta(seconds=min(LONGEST, doubled) * (1 - JITTER * share))


def _admission(line: Line, now: datetime) -> Admission:
    if line.state == CLOSED or line.probe_at is None:
        return Admission.ALL
    due = line.probe_at <= now or line.probe_at > now + HORIZON
    return Admission.PROBE if due else Admission.NOTHING
