"""Working days, counted from the published table without the code under test."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache

from onelicense.environment import BASE_DIR

FILE = BASE_DIR / "fixtures" / "calendar" / "days.csv"
SATURDAY = 5


@cache
def _special_days() -> dict[date, str]:
    with FILE.open(encoding="utf-8") as lines:
        return {
            date.fromisoformat(row["day"]): row["kind"] for row in csv.DictReader(lines)
        }


def is_working(day: date) -> bool:
    kind = _special_days().get(day)
    return kind == "makeup" or (kind is None and day.weekday() < SATURDAY)


def working_day_after(day: date, days: int) -> date:
    """Return the n-th working day after a day; 0 is the day itself."""
    while days:
        day += timedelta(days=1)
        days -= is_working(day)
    return day
