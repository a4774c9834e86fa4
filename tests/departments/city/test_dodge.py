"""A fact is changed just so far that the rule is false for it."""

from __future__ import annotations

from datetime import date

import pytest

from services.cases.planning.compare import compare
from services.departments.city.dodge import dodge

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("operator", "value", "text"),
    [
        ("lt", "200", "100"),
        ("le", "200", "200"),
        ("gt", "0", "12.5"),
        ("ge", "5", "5"),
        ("equals", "yes", "yes"),
        ("equals", "address", "address"),
        ("differs", "rental", "货运"),
        ("contains", "外商", "有限责任公司（外商投资）"),
        ("in", "个体", "个体工商户"),
        ("years_lt", "1", "2026-05-01"),
        ("months_lt", "3", "2026-11-01"),
    ],
)
def test_the_rule_no_longer_holds(operator: str, value: str, text: str) -> None:
    assert compare(operator, text, value, TODAY)

    changed = dodge(operator, value, text, TODAY)

    assert not compare(operator, changed, value, TODAY)


@pytest.mark.parametrize(
    ("operator", "value", "text"),
    [
        ("lt", "200", "500"),
        ("gt", "0", "0"),
        ("equals", "yes", "no"),
        ("years_lt", "1", "2019-05-01"),
        ("lt", "today", "2029-01-01"),
        ("years_lt", "1", "unknown"),
    ],
)
def test_a_fact_that_is_no_hindrance_stays(
    operator: str, value: str, text: str
) -> None:
    assert dodge(operator, value, text, TODAY) == text
