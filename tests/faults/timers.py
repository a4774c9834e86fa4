"""Move the clock over every deadline, and let the timers do their work."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.faults.checker.books import day
from tests.faults.checker.calendar import working_day_after
from tests.faults.hall import Hall

SHANGHAI = ZoneInfo("Asia/Shanghai")
ACCEPTANCE_DAYS = 5
SWEEP_S = 31.0  # longer than the pause between two sweeps
LOOK_S = 0.4
RECEIVED = """
SELECT count(*) FROM cases_case WHERE state = 'received' AND accept_by < '{now}'
"""
UNTOLD = """
SELECT count(*) FROM cases_case c
 WHERE c.state IN ('accepted', 'in_review') AND c.decided_at IS NULL
   AND c.promised_on < '{today}' AND NOT EXISTS (
       SELECT 1 FROM cases_task t
        WHERE t.case_id = c.id AND t.kind = 'supervise')
"""
LAST_PROMISE = """
SELECT max(promised_on) AS day FROM cases_case
 WHERE decided_at IS NULL AND ended_at IS NULL
"""


def nothing_else(_trial: object) -> None:
    """Let nothing go wrong: only time passes."""


def let_time_pass(hall: Hall, *, within_s: float) -> None:
    """Pass the days of acceptance, then the last promised day; wait for the timers."""
    pass_days_of_acceptance(hall, within_s=within_s)
    [row] = hall.books.ours(LAST_PROMISE)
    promised = day(row["day"])
    if promised is not None and promised >= _today(hall):
        _go_to(hall, promised + timedelta(days=1))
    _sweep_until_none(hall, UNTOLD, within_s)


def pass_days_of_acceptance(hall: Hall, *, within_s: float) -> None:
    """Go to the sixth working day from today, and let the timers accept."""
    _go_to(hall, working_day_after(_today(hall), ACCEPTANCE_DAYS + 1))
    _sweep_until_none(hall, RECEIVED, within_s)


def _sweep_until_none(hall: Hall, words: str, within_s: float) -> None:
    """Let sweeps run until nothing is left, or for as long as it may take."""
    left = within_s
    while left > 0:
        now = hall.clock.now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")
        if not hall.books.count(words.format(now=now, today=_today(hall))):
            return
        hall.clock.move(SWEEP_S)
        hall.wait(LOOK_S)
        left -= LOOK_S


def _go_to(hall: Hall, day: date) -> None:
    """Go to nine in the morning of a later day."""
    hall.clock.move_to(datetime.combine(day, time(9), tzinfo=SHANGHAI))


def _today(hall: Hall) -> date:
    return hall.clock.now().astimezone(SHANGHAI).date()
