"""Until when a person of a department has to have looked."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from services.common.calendar import WorkingCalendar, load

ASSIST_DAYS = 2  # ours: an outage is the department's own affair, and urgent
DISPUTE_DAYS = 5  # data disputes and rechecks (domain.md §4)


def due_on(*, now: datetime, working_days: int) -> date:
    """Return the last day of a time limit that starts today."""
    return _calendar().add_working_days(timezone.localdate(now), working_days)


@lru_cache(maxsize=1)
def _calendar() -> WorkingCalendar:
    return load(settings.CALENDAR_DIR)
