"""The working-day calendar in force, read once per process."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from services.common.calendar import WorkingCalendar, load


@lru_cache(maxsize=1)
def working_calendar() -> WorkingCalendar:
    """Return the calendar of `fixtures/calendar`."""
    return load(settings.CALENDAR_DIR)
