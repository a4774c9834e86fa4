"""
Working days with public holidays and make-up days (调休), and deadlines. Pure.

The days come from fixtures/calendar; a year whose notice is not out is provisional:
weekends and statutory holidays only.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

WORKING_DAY = "working_day"
CALENDAR_DAY = "calendar_day"
MONTH = "month"
UNITS = (WORKING_DAY, CALENDAR_DAY, MONTH)
KINDS = ("holiday", "makeup")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class CalendarBroken(Exception):
    """A row of the calendar's files cannot be used; the message names it."""


class UnknownUnit(ValueError):
    """A time is given in a unit that no law uses here."""


class DayLine(NamedTuple):
    """One day of an explained deadline."""

    day: date
    kind: str  # working, weekend, holiday, makeup
    name: str  # of the holiday, or of the one a make-up day belongs to
    number: int  # working days counted so far, this day included
    provisional: bool

    @property
    def working(self) -> bool:
        """Return whether the day counts."""
        return self.kind in ("working", "makeup")


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked."""

    holidays: Mapping[date, str]
    make_up_days: Mapping[date, str]
    provisional_years: frozenset[int]
    years: frozenset[int] = field(init=False)  # those of which the notice is known

    def __post_init__(self) -> None:
        known = {day.year for day in self.holidays} - self.provisional_years
        object.__setattr__(self, "years", frozenset(known))

    def is_working(self, day: date) -> bool:
        """Return whether offices work on a day."""
        if day in self.make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def provisional(self, day: date) -> bool:
        """Return whether the notice of the day's year is not known yet."""
        return day.year not in self.years

    def next_working(self, day: date) -> date:
        """Return the day itself if it is worked, else the next one that is."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after a day; the day itself does not count."""
        while n > 0:
            day += ONE_DAY
            n -= self.is_working(day)
        return day

    def add(self, unit: str, value: int, day: date) -> date:
        """
        Return the last day of a time that begins on a day.

        The first day does not count; a month ends on the day of the same number or the
        month's last; a last day that is not worked moves to the next that is (民法典
        201–203).

        :raises UnknownUnit: if the unit is none of `UNITS`.
        """
        if unit == WORKING_DAY:
            return self.add_working_days(day, value)
        if unit == CALENDAR_DAY:
            return self.next_working(day + timedelta(days=value))
        if unit == MONTH:
            return self.next_working(_months_later(day, value))
        raise UnknownUnit(unit)

    def count(self, start: date, end: date) -> int:
        """Return the working days after `start` up to `end`; negative once past."""
        if end < start:
            return -self.count(end, start)
        return sum(line.working for line in self._lines(start, end))

    def explain(self, start: date, end: date) -> list[DayLine]:
        """Return every day after `start` up to `end` with its kind and its number."""
        return list(self._lines(start, end))

    def _lines(self, start: date, end: date) -> Iterator[DayLine]:
        number = 0
        for offset in range(1, (end - start).days + 1):
            day = start + timedelta(days=offset)
            kind, name = self._kind(day)
            number += kind in ("working", "makeup")
            yield DayLine(day, kind, name, number, self.provisional(day))

    def _kind(self, day: date) -> tuple[str, str]:
        if day in self.make_up_days:
            return "makeup", self.make_up_days[day]
        if day in self.holidays:
            return "holiday", self.holidays[day]
        return ("working" if day.weekday() < SATURDAY else "weekend"), ""


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def load(directory: Path) -> WorkingCalendar:
    """
    Read days.csv (day, kind, name) and years.csv (year, provisional, source).

    :raises CalendarBroken: with file and line, if a row cannot be used.
    """
    days: dict[str, dict[date, str]] = {kind: {} for kind in KINDS}
    for place, row in _rows(directory / "days.csv"):
        try:
            days[row["kind"]][date.fromisoformat(row["day"])] = row["name"]
        except (KeyError, TypeError, ValueError) as error:
            raise CalendarBroken(
                f"{place}: want day (2026-01-01), kind ({' or '.join(KINDS)}), name"
            ) from error
    provisional = set()
    for place, row in _rows(directory / "years.csv"):
        if row.get("provisional") not in ("0", "1") or not row["year"].isdigit():
            raise CalendarBroken(f"{place}: want year, provisional (0 or 1), source")
        if row["provisional"] == "1":
            provisional.add(int(row["year"]))
    return WorkingCalendar(days["holiday"], days["makeup"], frozenset(provisional))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield f"{path.name}:{reader.line_num}", row
