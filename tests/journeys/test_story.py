"""What `make demo` shows, as somebody reads it in the terminal."""

from __future__ import annotations

import pytest

from tests.journeys.steps import manage

pytestmark = [pytest.mark.journey]


def test_two_cases_are_decided_although_a_department_dies(hall):
    told = manage(hall, "tell_story")

    assert told.code == 0, told.out + told.err
    in_order = [
        "市卫生健康委的系统刚刚中断",
        "91330102FAKE000139",
        "市市场监管局 · 营业执照",
        "市卫生健康委的系统恢复",
        "已送达",
        "无需提交",
        "91330106FAKE00021X",
        "现场勘验 ✓",
        "准予 ✓",
        "已送达",
    ]
    place = 0
    for words in in_order:
        place = told.out.find(words, place)
        assert place >= 0, f"no {words!r} in its place:\n{told.out}"
