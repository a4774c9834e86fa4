"""
How long an answer may be used again. Pure.

A certificate or an approval that was shown is good for 30 days. A checked fact
(数据核验) is good for a day, or for 30 days where the catalogue states a validity.
Nothing is good beyond its own last day, and a hub's copy has aged since its snapshot.
The windows are the project's own (docs/decisions/0052).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

CHECKED_FACT = "数据核验"
CERTIFICATE_DAYS = 30
FACT_DAYS = 1


def window_days(obtain_mode: str, validity_months: int | None) -> int:
    """Return for how many days an answer about a material is fresh."""
    if obtain_mode == CHECKED_FACT and not validity_months:
        return FACT_DAYS
    return CERTIFICATE_DAYS


def fresh_until(
    *, as_of: datetime, days: int, last_days: Iterable[date | None], zone: tzinfo
) -> datetime:
    """
    Return until when an answer may be reused.

    `as_of` is when the department, or the hub's snapshot, said it; `last_days` are the
    last valid days of the records shown, which end at midnight in `zone`.
    """
    ends = [as_of + timedelta(days=days)]
    for last_day in last_days:
        if last_day is not None and last_day < date.max:
            midnight = datetime.combine(last_day + timedelta(days=1), time(), zone)
            ends.append(midnight.astimezone(UTC))
    return min(ends)
