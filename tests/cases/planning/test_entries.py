"""What a form field takes, and what is said when it does not."""

from __future__ import annotations

import pytest

from services.cases.planning.entries import bounds, fault_in, resident_id_holds
from tests.cases.planning.build import field

CHOICES = ("一级", "二级", "三级")


def fault(kind: str, value: str, validation: str = "") -> str:
    """Return the code of what is wrong, or nothing."""
    choices = CHOICES if "choice" in kind else ()
    one = field("x", kind, validation=validation, choices=choices)
    found = fault_in(one, value, uscc_fault=lambda text: "" if text == "OK" else "bad")
    return found.code if found else ""


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("text", "任何文字", ""),
        ("integer", "12", ""),
        ("integer", "１２", ""),
        ("integer", "1.5", "not_integer"),
        ("integer", "十二", "not_integer"),
        ("decimal", "1.5", ""),
        ("decimal", "-1", ""),
        ("decimal", "NaN", "not_decimal"),
        ("decimal", "一点五", "not_decimal"),
        ("date", "2026-11-23", ""),
        ("date", "2026-02-30", "not_date"),
        ("date", "2026/11/23", "not_date"),
        ("date", "0026-11-23", "not_date"),
        ("choice", "二级", ""),
        ("choice", "一级|二级", "not_a_choice"),
        ("choice", "四级", "not_a_choice"),
        ("multi_choice", "一级|三级", ""),
        ("multi_choice", "一级；三级", ""),
        ("multi_choice", "一级|四级", "not_a_choice"),
        ("multi_choice", "|", "not_a_choice"),
        ("usc_code", "OK", ""),
        ("usc_code", "91", "licence_number_invalid"),
        ("phone", "0571-88888888", ""),
        ("phone", "13900000001", ""),
        ("phone", "打给我", "not_phone"),
        ("person_name", "王示例", ""),
        ("person_name", "Ann Example", ""),
        ("person_name", "王", "not_person_name"),
        ("person_name", "王1", "not_person_name"),
        ("id_number", "330199199001010011", ""),
        ("id_number", "330199199001010012", "not_id_number"),
        ("id_number", "330199199002300010", "not_id_number"),  # 30 February
        ("id_number", "3301**********0011", "not_id_number"),
        ("boolean", "yes", ""),
        ("boolean", "maybe", "not_boolean"),
    ],
)
def test_types(kind: str, value: str, code: str) -> None:
    assert fault(kind, value) == code


@pytest.mark.parametrize(
    ("kind", "rule", "value", "code"),
    [
        ("integer", "1..10", "1", ""),
        ("integer", "1..10", "10", ""),
        ("integer", "1..10", "0", "too_small"),
        ("integer", "1..10", "11", "too_large"),
        ("decimal", "0..", "99999999", ""),
        ("decimal", "0..", "-0.1", "too_small"),
        ("decimal", "..5", "5.1", "too_large"),
        ("decimal", "-10..5", "-11", "too_small"),
        ("text", "len 2..4", "二字", ""),
        ("text", "len 2..4", "一", "too_short"),
        ("text", "len 2..4", "一二三四五", "too_long"),
        ("text", r"^\d{2}-\d{2}", "17-10-03", ""),
        ("text", r"^\d{10}$", "12345", "wrong_format"),
        ("text", r"^\d{10}$", "１２３４５６７８９０", ""),
    ],
)
def test_own_rules(kind: str, rule: str, value: str, code: str) -> None:
    assert fault(kind, value, rule) == code


def test_a_rule_that_is_no_range_has_no_bounds() -> None:
    assert bounds("^1[3-9]..$") is None


@pytest.mark.parametrize("text", ["", "1" * 17, "33019919900101001y", "X" * 18])
def test_what_is_no_resident_id(text: str) -> None:
    assert not resident_id_holds(text)
