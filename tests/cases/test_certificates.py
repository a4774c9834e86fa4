"""Numbers in the real formats, and the last day of validity."""

from __future__ import annotations

from datetime import date

import pytest

from services.cases.certificates import (
    certificate_attributes,
    last_valid_day,
    number_like,
)


@pytest.mark.parametrize(
    ("example", "number"),
    [
        ("JY23301060000012", "JY23301060500007"),
        ("SC10133010600012", "SC10133010500007"),
        ("杭环评批〔2024〕1号", "杭环评批〔2026〕500007号"),
        ("浙（2024）杭州市不动产权第0000001号", "浙（2026）杭州市不动产权第0500007号"),
        ("330106-2024-001-L", "330106-2024-500007-L"),
        ("梯11浙A00001(24)", "梯11浙A500007(24)"),
        ("浙环辐证[A0001]", "浙环辐证[A500007]"),
        ("无数字", "无数字500007"),
    ],
)
def test_a_number_keeps_its_format(example: str, number: str):
    assert number_like(example, serial=7, year=2026) == number


def test_numbers_differ_by_their_serial():
    numbers = {number_like("JY2330106", serial=n, year=2026) for n in range(2000)}

    assert len(numbers) == 2000


@pytest.mark.parametrize(
    ("months", "last"),
    [
        (60, date(2031, 11, 22)),
        (12, date(2027, 11, 22)),
        (1, date(2026, 12, 22)),
        (None, None),
        (0, None),
    ],
)
def test_validity_ends_the_day_before(months, last):
    assert last_valid_day(date(2026, 11, 23), months) == last


def test_validity_from_a_month_end_stays_in_the_month():
    assert last_valid_day(date(2026, 8, 31), 6) == date(2027, 2, 27)


def test_attributes_say_only_what_is_known():
    attributes = certificate_attributes(
        [{"code": "cert_no"}, {"code": "holder_name"}, {"code": "rating"}],
        number="X1",
        holder="某公司",
        issued_on=date(2026, 11, 23),
        valid_until=None,
        stated={"seats": "20"},
    )

    assert attributes == {"cert_no": "X1", "holder_name": "某公司"}
