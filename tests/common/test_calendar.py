"""Working days as the notices of the State Council's office set them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.calendar import (
    CALENDAR_DAY,
    MONTH,
    WORKING_DAY,
    CalendarBroken,
    UnknownUnit,
    WorkingCalendar,
    load,
)

DIRECTORY = Path(__file__).parents[2] / "fixtures" / "calendar"
CALENDAR = load(DIRECTORY)
days = st.dates(date(2023, 1, 1), date(2028, 12, 31))


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-02-14", True),  # Saturday, made up for the Spring Festival
        ("2026-02-15", False),  # first day of the festival
        ("2026-02-16", False),  # a Monday
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # Saturday, made up
        ("2025-01-26", True),  # Sunday, made up
        ("2025-02-08", True),  # Saturday, made up
        ("2025-10-08", False),  # National Day and Mid-autumn together
        ("2025-10-09", True),
        ("2024-10-12", True),  # Saturday, made up
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-11-23", True),
        ("2027-02-08", False),  # provisional: third day of the first month
    ],
)
def test_a_day_is_worked_as_the_notice_says(day: str, working: bool) -> None:
    assert CALENDAR.is_working(on(day)) is working


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-09-30", 5, "2026-10-13"),  # over National Day, with a made-up Saturday
        ("2025-09-29", 5, "2025-10-13"),  # with a made-up Saturday
        ("2024-02-08", 5, "2024-02-21"),  # Spring Festival, a made-up Sunday
        ("2026-12-31", 3, "2027-01-06"),  # into a provisional year
    ],
)
def test_working_days_are_added_without_the_first(start: str, n: int, end: str) -> None:
    assert CALENDAR.add_working_days(on(start), n) == on(end)


@pytest.mark.parametrize(
    ("unit", "value", "start", "end"),
    [
        (WORKING_DAY, 10, "2026-11-23", "2026-12-07"),
        (CALENDAR_DAY, 4, "2026-11-23", "2026-11-27"),
        (CALENDAR_DAY, 5, "2026-11-23", "2026-11-30"),  # ends on a Saturday: Monday
        (CALENDAR_DAY, 20, "2026-09-15", "2026-10-08"),  # ends in National Day's week
        (MONTH, 1, "2026-11-24", "2026-12-24"),
        (MONTH, 3, "2026-11-30", "2027-03-01"),  # no 30 February: the 28th is a Sunday
        (MONTH, 2, "2026-11-30", "2027-02-01"),  # 30 January 2027 is a Saturday
    ],
)
def test_a_time_ends_in_its_own_unit(
    unit: str, value: int, start: str, end: str
) -> None:
    assert CALENDAR.add(unit, value, on(start)) == on(end)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UnknownUnit):
        CALENDAR.add("fortnight", 1, on("2026-11-23"))


def test_a_deadline_explains_itself_day_by_day() -> None:
    lines = CALENDAR.explain(on("2025-09-29"), on("2025-10-11"))

    assert lines[0] == (on("2025-09-30"), "working", "", 1, False)
    assert lines[1][:4] == (on("2025-10-01"), "holiday", "国庆节", 1)
    assert [line.number for line in lines[-4:]] == [1, 2, 3, 4]
    assert (lines[-1].kind, lines[-1].working) == ("makeup", True)


def test_an_ordinary_weekend_is_named_a_weekend() -> None:
    lines = CALENDAR.explain(on("2026-11-20"), on("2026-11-22"))

    assert [line.kind for line in lines] == ["weekend", "weekend"]


@pytest.mark.parametrize(
    ("day", "provisional"),
    [("2026-12-31", False), ("2027-01-01", True), ("2031-05-05", True)],
)
def test_a_year_without_notice_is_provisional(day: str, provisional: bool) -> None:
    assert CALENDAR.provisional(on(day)) is provisional


@given(start=days, n=st.integers(1, 80))
def test_counting_undoes_adding(start: date, n: int) -> None:
    end = CALENDAR.add_working_days(start, n)

    assert CALENDAR.is_working(end)
    assert CALENDAR.count(start, end) == n
    assert CALENDAR.count(end, start) == -n
    assert CALENDAR.count(start, end - timedelta(days=1)) == n - 1


@given(day=days, value=st.integers(1, 60), unit=st.sampled_from([CALENDAR_DAY, MONTH]))
def test_no_deadline_falls_on_a_day_off(day: date, value: int, unit: str) -> None:
    assert CALENDAR.is_working(CALENDAR.add(unit, value, day))


def test_a_calendar_needs_no_files() -> None:
    own = WorkingCalendar({on("2030-01-01"): "元旦"}, {}, frozenset())

    assert own.next_working(on("2030-01-01")) == on("2030-01-02")
    assert not own.provisional(on("2030-06-01"))


@pytest.mark.parametrize(
    ("days_csv", "years_csv", "place"),
    [
        (
            "day,kind,name\n2026-13-01,holiday,元旦\n",
            "year,provisional\n",
            "days.csv:2",
        ),
        ("day,kind,name\n2026-01-01,feast,元旦\n", "year,provisional\n", "days.csv:2"),
        ("day,kind,name\n", "year,provisional\n2026,0\n2027,yes\n", "years.csv:3"),
    ],
)
def test_a_broken_row_is_named(
    tmp_path: Path, days_csv: str, years_csv: str, place: str
) -> None:
    (tmp_path / "days.csv").write_text(days_csv, encoding="utf-8")
    (tmp_path / "years.csv").write_text(years_csv, encoding="utf-8")

    with pytest.raises(CalendarBroken, match=place):
        load(tmp_path)
