"""Change a fact just so far that a rule does not hold for it. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

YEAR_DAYS = 366
MONTH_DAYS = 31
ABOVE, BELOW = {"lt", "le"}, {"gt", "ge"}  # where the fact must lie instead
AGES = {"years": YEAR_DAYS, "months": MONTH_DAYS}


def dodge(operator: str, value: str, text: str, as_of: date) -> str:
    """
    Return the text, or one near it for which the rule is false.

    Operators are those of auto_rules.csv; what cannot be read is left as it is.
    """
    if operator in ABOVE | BELOW:
        return _across(operator, value, text)
    unit, _, test = operator.partition("_")
    if unit in AGES and test == "lt":
        return _older(text, int(value) * AGES[unit], as_of)
    if operator == "differs":
        return value
    if operator == "equals" and text == value:
        return "no" if value == "yes" else f"非{value}"
    if operator in {"contains", "in"}:
        return text.replace(value, "")
    return text


def _across(operator: str, value: str, text: str) -> str:
    try:
        number, limit = Decimal(text), Decimal(value)
    except InvalidOperation:
        return text
    holds = {
        "lt": number < limit,
        "le": number <= limit,
        "gt": number > limit,
        "ge": number >= limit,
    }[operator]
    if not holds:
        return text
    return f"{limit * 2 if operator in ABOVE else limit / 2:f}"


def _older(text: str, days: int, as_of: date) -> str:
    try:
        then = date.fromisoformat(text)
    except ValueError:
        return text
    if (as_of - then).days > days:
        return text
    return date.fromordinal(as_of.toordinal() - days - 1).isoformat()
