"""Two spellings of one thing, and texts that are no numbers or dates."""

from __future__ import annotations

import pytest

from services.cases.planning.compare import day, number, same_name, same_place


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("浙江省杭州市西湖区文三路1号", "西湖区文三路１号", True),
        ("西湖区文三路1号3号楼201室", "西湖区文三路1号3幢201", True),
        ("西湖区文三路1号3栋201室", "西湖区文三路1号3座201室", True),
        ("西湖区文三路1号201室", "西湖区文三路1号202室", False),
        ("西湖区文三路1号", "拱墅区文三路1号", False),
        ("文三路1号", "西湖区文三路1号", False),  # which district is not said
        ("", "", False),
    ],
)
def test_places(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("杭州示例（集团）有限公司", "杭州示例(集团)有限公司", True),
        ("杭州示例有限公司", "杭州示例二有限公司", False),
        ("", "", False),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


@pytest.mark.parametrize("text", ["", "不详", "NaN", "Infinity", "1.2.3"])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["", "不详", "2026-13-01", "长期"])
def test_what_is_no_date(text: str) -> None:
    assert day(text) is None


def test_a_time_counts_as_its_day() -> None:
    assert day("2026-11-23T08:00:00+08:00") == day("2026-11-23")
