"""Compare what register and departments say. Unknown texts never compare true. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from services.common.subjects import fold, fold_address

_Test = Callable[[str, str, date], bool]
BUILDING = re.compile(r"号楼|栋|座")
ROOM_END = re.compile(r"[室房号]$")


def same_name(one: str, other: str) -> bool:
    """Return whether two names are equal but for width, case and spacing."""
    return bool(one) and fold(one) == fold(other)


def same_place(one: str, other: str) -> bool:
    """Return whether two spellings name one place: district, road, number and room."""
    return bool(one) and _place(one) == _place(other)


def number(text: str) -> Decimal | None:
    """Return a number, or None if the text is none."""
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def day(text: str) -> date | None:
    """Return an ISO date, or None if the text is none."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def compare(operator: str, text: str, value: str, today: date) -> bool:
    """Return whether `text` stands to `value` as a rule's operator says."""
    test = OPERATORS.get(operator)
    return bool(text) and test is not None and test(text, value, today)


def _place(text: str) -> str:
    return ROOM_END.sub("", BUILDING.sub("幢", fold_address(text)))


def _order(text: str, value: str) -> int | None:
    """Return -1, 0 or 1 as the first is less, equal or more; None if not comparable."""
    numbers = number(text), number(value)
    if numbers[0] is not None and numbers[1] is not None:
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    days = day(text), day(value)
    if days[0] is None or days[1] is None:
        return None
    return (days[0] > days[1]) - (days[0] < days[1])


def _ordered(*accepted: int) -> _Test:
    """Return a test on two numbers or two dates."""
    return lambda text, value, _today: _order(text, value) in accepted


def _within_days(text: str, value: str, today: date) -> bool:
    then, limit = day(text), number(value)
    return then is not None and limit is not None and abs((then - today).days) <= limit


def _months_since(text: str, today: date) -> int | None:
    """Return the full months from a date to today."""
    then = day(text)
    if then is None:
        return None
    months = (today.year - then.year) * 12 + today.month - then.month
    return months - (today.day < then.day)


def _aged(months: int, *, reached: bool) -> _Test:
    """Return a test on age in units of so many months."""

    def holds(text: str, value: str, today: date) -> bool:
        age, limit = _months_since(text, today), number(value)
        if age is None or limit is None:
            return False
        return (age >= limit * months) is reached

    return holds


def _equal(text: str, value: str, _today: date) -> bool:
    numbers = number(text), number(value)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return same_name(text, value) or same_place(text, value)


def _contains(text: str, value: str, _today: date) -> bool:
    return fold(value) in fold(text)


def _is_a(text: str, value: str, today: date) -> bool:
    """Return whether it is the value; a word may stand within: 有限公司 is a 公司."""
    word = not value.isascii() and _contains(text, value, today)
    return word or _equal(text, value, today)


OPERATORS: dict[str, _Test] = {
    "equals": _equal,
    "differs": lambda text, value, today: not _equal(text, value, today),
    "contains": _contains,
    "in": _is_a,
    "not_in": lambda text, value, today: not _is_a(text, value, today),
    "lt": _ordered(-1),
    "le": _ordered(-1, 0),
    "gt": _ordered(1),
    "ge": _ordered(1, 0),
    "after": _ordered(1),
    "within_days": _within_days,
    "years_ge": _aged(12, reached=True),
    "years_lt": _aged(12, reached=False),
    "months_ge": _aged(1, reached=True),
    "months_lt": _aged(1, reached=False),
    "==": lambda text, value, _today: same_name(text, value),
    "~": lambda text, value, _today: same_place(text, value),
    ">=": _ordered(1, 0),
    "<=": _ordered(-1, 0),
}
