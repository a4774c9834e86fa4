"""
When a case must be accepted and decided, and why (办理时限). Pure.

The day on which something happens is not counted (行政许可法 and civil practice). Only
what the law names pauses the clock, and a pause shifts a deadline by the working days
that it lasted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from services.common.calendar import WorkingCalendar

ACCEPTANCE_WORKING_DAYS = 5  # 行政许可法 32: then it counts as accepted
END_OF_DAY = time(23, 59, 59)
ONE_DAY = timedelta(days=1)


class Pause(NamedTuple):
    """A time that does not count; it lasts until the day before `resumed_on`."""

    paused_on: date
    resumed_on: date | None  # None: still paused
    reason: str


class ClockLine(NamedTuple):
    """One day of an explained deadline."""

    day: date
    kind: str  # working, weekend, holiday, makeup or paused
    note: str  # name of the holiday, or the reason of the pause
    counted: int  # working days that have run by the end of this day
    provisional: bool  # the year's holiday notice is not known yet


def accept_by(calendar: WorkingCalendar, received_at: datetime) -> datetime:
    """
    Return the end of the day by which a case is accepted or counts as accepted.

    :param received_at: local time of the office.
    """
    last = calendar.add_working_days(received_at.date(), ACCEPTANCE_WORKING_DAYS)
    return datetime.combine(last, END_OF_DAY, tzinfo=received_at.tzinfo)


def promised_on(
    calendar: WorkingCalendar, accepted_on: date, days: int, paused_days: int = 0
) -> date:
    """Return the day of the promise; 0 days means on the spot."""
    return _later(calendar, accepted_on, days + paused_days)


def statutory_on(
    calendar: WorkingCalendar,
    accepted_on: date,
    unit: str,
    value: int,
    paused_days: int = 0,
) -> date:
    """Return the last day that the law allows, in the unit of the law."""
    return _later(calendar, calendar.add(unit, value, accepted_on), paused_days)


def paused_working_days(
    calendar: WorkingCalendar, paused_on: date, resumed_on: date
) -> int:
    """Return how many working days a pause took; the day of resuming runs again."""
    if resumed_on <= paused_on:
        return 0
    return calendar.count(paused_on - ONE_DAY, resumed_on - ONE_DAY)


def explain(
    calendar: WorkingCalendar,
    accepted_on: date,
    due_on: date,
    pauses: Sequence[Pause] = (),
) -> list[ClockLine]:
    """Return every day after acceptance up to the due day with what it counts for."""
    lines = []
    counted = 0
    for line in calendar.explain(accepted_on, due_on):
        pause = _pause_on(line.day, pauses) if line.working else None
        counted += line.working and pause is None
        kind, note = ("paused", pause.reason) if pause else (line.kind, line.name)
        lines.append(ClockLine(line.day, kind, note, counted, line.provisional))
    return lines


def _later(calendar: WorkingCalendar, day: date, working_days: int) -> date:
    return calendar.add_working_days(day, working_days) if working_days else day


def _pause_on(day: date, pauses: Iterable[Pause]) -> Pause | None:
    for pause in pauses:
        if pause.paused_on <= day and (
            pause.resumed_on is None or day < pause.resumed_on
        ):
            return pause
    return None
