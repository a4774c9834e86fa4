"""Deadlines on a small calendar: Monday 2026-11-23, one holiday, one make-up day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.cases.clock import (
    ClockLine,
    Pause,
    accept_by,
    explain,
    paused_working_days,
    promised_on,
    statutory_on,
)
from services.common.calendar import WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
HOLIDAY = date(2026, 11, 26)  # a Thursday
MAKE_UP = date(2026, 11, 28)  # the Saturday after
CALENDAR = WorkingCalendar(
    {HOLIDAY: "示例节"}, {MAKE_UP: "示例节"}, provisional_years=frozenset({2027})
)


class TestAcceptBy:
    def test_is_the_end_of_the_fifth_working_day_after_receipt(self) -> None:
        received = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)

        last = accept_by(CALENDAR, received)

        assert last == datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)

    def test_does_not_count_the_day_of_receipt_however_late_it_came(self) -> None:
        late = datetime(2026, 11, 23, 23, 59, tzinfo=SHANGHAI)

        assert accept_by(CALENDAR, late).date() == date(2026, 11, 30)


class TestPromisedOn:
    @pytest.mark.parametrize(
        ("days", "due"),
        [
            (0, MONDAY),
            (1, date(2026, 11, 24)),
            (3, date(2026, 11, 27)),  # over the holiday
            (4, MAKE_UP),  # a Saturday that is worked
            (5, date(2026, 11, 30)),
        ],
    )
    def test_counts_working_days(self, days: int, due: date) -> None:
        assert promised_on(CALENDAR, MONDAY, days) == due

    def test_is_later_by_the_days_that_were_paused(self) -> None:
        assert promised_on(CALENDAR, MONDAY, 3, paused_days=2) == date(2026, 11, 30)


class TestStatutoryOn:
    @pytest.mark.parametrize(
        ("unit", "value", "due"),
        [
            ("working_day", 2, date(2026, 11, 25)),
            ("calendar_day", 2, date(2026, 11, 25)),
            ("calendar_day", 3, date(2026, 11, 27)),  # ends on the holiday, moves on
            ("month", 1, date(2026, 12, 23)),
        ],
    )
    def test_counts_in_the_unit_of_the_law(
        self, unit: str, value: int, due: date
    ) -> None:
        assert statutory_on(CALENDAR, MONDAY, unit, value) == due

    def test_shifts_by_paused_working_days_whatever_the_unit(self) -> None:
        due = statutory_on(CALENDAR, MONDAY, "month", 1, paused_days=2)

        assert due == date(2026, 12, 25)


class TestPausedWorkingDays:
    @pytest.mark.parametrize(
        ("resumed", "days"),
        [
            (MONDAY, 0),
            (date(2026, 11, 24), 1),
            (date(2026, 11, 27), 3),  # Thursday is a holiday anyway
            (date(2026, 11, 20), 0),
        ],
    )
    def test_counts_the_first_day_and_not_the_day_of_resuming(
        self, resumed: date, days: int
    ) -> None:
        assert paused_working_days(CALENDAR, MONDAY, resumed) == days


class TestExplain:
    def test_names_every_day_and_what_it_counts_for(self) -> None:
        lines = explain(CALENDAR, MONDAY, date(2026, 11, 29))

        assert lines == [
            ClockLine(date(2026, 11, 24), "working", "", 1, False),
            ClockLine(date(2026, 11, 25), "working", "", 2, False),
            ClockLine(HOLIDAY, "holiday", "示例节", 2, False),
            ClockLine(date(2026, 11, 27), "working", "", 3, False),
            ClockLine(MAKE_UP, "makeup", "示例节", 4, False),
            ClockLine(date(2026, 11, 29), "weekend", "", 4, False),
        ]

    def test_a_pause_is_named_and_does_not_count(self) -> None:
        pause = Pause(date(2026, 11, 24), date(2026, 11, 26), "检验检测")

        lines = explain(CALENDAR, MONDAY, date(2026, 11, 27), [pause])

        assert [(line.kind, line.counted) for line in lines] == [
            ("paused", 0),
            ("paused", 0),
            ("holiday", 0),
            ("working", 1),
        ]
        assert lines[0].note == "检验检测"

    def test_a_pause_without_an_end_lasts(self) -> None:
        pause = Pause(date(2026, 11, 24), None, "听证")

        lines = explain(CALENDAR, MONDAY, date(2026, 11, 27), [pause])

        assert lines[-1].counted == 0

    def test_marks_days_of_a_year_without_a_notice(self) -> None:
        lines = explain(CALENDAR, date(2026, 12, 31), date(2027, 1, 1))

        assert lines[0].provisional


@given(days=st.integers(0, 60), start=st.integers(0, 30), length=st.integers(0, 20))
def test_a_shifted_deadline_still_leaves_the_promised_days(
    days: int, start: int, length: int
) -> None:
    paused_on = date.fromordinal(MONDAY.toordinal() + 1 + start)
    resumed_on = date.fromordinal(paused_on.toordinal() + length)
    assume(paused_on <= promised_on(CALENDAR, MONDAY, days))  # not after the deadline
    paused = paused_working_days(CALENDAR, paused_on, resumed_on)

    due = promised_on(CALENDAR, MONDAY, days, paused_days=paused)

    lines = explain(CALENDAR, MONDAY, due, [Pause(paused_on, resumed_on, "检验")])
    assert (lines[-1].counted if lines else 0) == days
