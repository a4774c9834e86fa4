"""How long an answer may be used again."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exchange.freshness import fresh_until, window_days
from tests.clock import NOON, SHANGHAI


@pytest.mark.parametrize(
    ("obtain_mode", "validity_months", "days"),
    [
        ("电子证照", 60, 30),
        ("电子证照", None, 30),
        ("批文共享", None, 30),
        ("数据核验", None, 1),
        ("数据核验", 12, 30),
        ("", None, 30),
    ],
)
def test_a_checked_fact_without_validity_is_good_for_a_day(
    obtain_mode, validity_months, days
):
    assert window_days(obtain_mode, validity_months) == days


def until(*last_days, as_of=NOON, days=30):
    return fresh_until(as_of=as_of, days=days, last_days=last_days, zone=SHANGHAI)


def test_ends_with_the_last_valid_day_in_hangzhou():
    assert until(date(2026, 11, 25)) == datetime(2026, 11, 26, tzinfo=SHANGHAI)


def test_ends_with_the_first_of_several_records_to_expire():
    first = until(date(2030, 1, 1), date(2026, 11, 25), None)

    assert first == until(date(2026, 11, 25))


def test_counts_from_the_hub_s_snapshot():
    snapshot = NOON - timedelta(days=3)

    assert until(as_of=snapshot) == snapshot + timedelta(days=30)


@given(st.lists(st.none() | st.dates(date(2020, 1, 1))), st.integers(1, 30))
def test_is_never_past_the_window_nor_any_last_day(last_days, days):
    end = until(*last_days, days=days)

    assert end <= NOON + timedelta(days=days)
    for day in last_days:
        # Python has no midnight after the last day of its calendar.
        if day is not None and day < date(9999, 12, 30):
            assert (end - timedelta(microseconds=1)).astimezone(SHANGHAI).date() <= day
