"""How long a case still has, and why (办理时限)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from services.cases.clock import ClockLine, explain
from services.cases.models import Case
from services.cases.working_calendar import working_calendar


def days_left(due_on: date | None, *, today: date, ended: bool) -> int | None:
    """Return the working days left until a day, negative once past."""
    if due_on is None or ended:
        return None
    return working_calendar().count(today, due_on)


def promise_explained(case: Case) -> list[ClockLine]:
    """Return every day of the promise and what it counts for."""
    if not (case.accepted_at and case.promised_on):
        return []
    start = timezone.localtime(case.accepted_at).date()
    return explain(working_calendar(), start, case.promised_on)
