"""Certificate numbers keep the format of their example and carry the record's own."""

from __future__ import annotations

import pytest

from services.departments.city.numbers import Stamp, number_like

STAMP = Stamp(
    serial=172,
    year=2026,
    district="330111",
    known_divisions=["330100", "330106", "330103"],
    uscc="91330111FAKE0043XX",
    id_number="330199199001010011",
)


@pytest.mark.parametrize(
    ("example", "number"),
    [
        ("SC10133010600012", "SC10133011100172"),
        ("JY23301060000012", "JY23301110000172"),
        ("GR202433000001", "GR202633000172"),
        ("杭环评批〔2024〕1号", "杭环评批〔2026〕172号"),
        ("浙（2024）杭州市不动产权第0000001号", "浙（2026）杭州市不动产权第0000172号"),
        ("TS3833001-2026", "TS3800172-2026"),
        ("地字第330100202400001号", "地字第330100202600172号"),
        ("330106-2024-001-L", "330111-2026-172-L"),
        ("33010099001-24001", "33010099001-00172"),
        ("91330106FAKE00021X", "91330111FAKE0043XX"),
        ("91330106FAKE00021X001X", "91330111FAKE0043XX001X"),
        ("3301**********1234", "330199199001010011"),
        ("T3301**********1234", "T330199199001010011"),
        ("3301**********123441", "33019919900101001141"),
        ("U33*******", "U330000172"),
        ("S000033010002233000001", "S000033010002233000172"),
        ("备案号", "备案号172"),
        ("330106", "330106172"),
    ],
)
def test_a_number_follows_its_example(example: str, number: str) -> None:
    assert number_like(example, STAMP) == number


def test_a_serial_too_long_for_the_example_is_not_cut() -> None:
    assert number_like("第001号", STAMP._replace(serial=12345)) == "第12345号"
