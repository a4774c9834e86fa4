"""What may stand in a form field, by its type and its own rule. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from services.cases.planning.compare import day, number
from services.catalogue.definition import Field

RANGE = re.compile(r"^(len )?(-?[\d.]*?)\.\.([\d.]*)$")
PERSON_NAME = re.compile(r"^[^\d<>@#]{2,60}$")
PHONE = re.compile(r"^\+?[\d()-]{7,20}$")
RESIDENT_ID = re.compile(r"^\d{17}[\dX]$")
SEVERAL = re.compile(r"[|；;\n]")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
ID_CHECK = "10X98765432"
YEARS = range(1900, 2101)


class Fault(NamedTuple):
    """What is wrong with an entry."""

    code: str
    params: Mapping[str, object] = {}


def folded(text: str) -> str:
    """Return an entry without width differences and outer blanks."""
    return unicodedata.normalize("NFKC", text).strip()


def choices_in(text: str) -> list[str]:
    """Return the choices in an entry that may name several."""
    return [part.strip() for part in SEVERAL.split(text) if part.strip()]


def fault_in(
    field: Field, value: str, *, uscc_fault: Callable[[str], str]
) -> Fault | None:
    """
    Return what is wrong with an entry, or None.

    :param uscc_fault: says what is wrong with a licence number, "" if nothing.
    """
    if field.type == "usc_code":
        code = uscc_fault(value)
        return Fault("licence_number_invalid", {"problem": code}) if code else None
    if field.type in {"choice", "multi_choice"}:
        return _choice(field, value)
    test = TYPES.get(field.type)
    if test is not None and not test(folded(value)):
        return Fault(f"not_{field.type}")
    return _own_rule(field, value)


def resident_id_holds(text: str) -> bool:
    """Return whether an 18-digit ID number has a real birthday and check digit."""
    if not RESIDENT_ID.match(text):
        return False
    total = sum(int(d) * w for d, w in zip(text[:17], ID_WEIGHTS, strict=True))
    birthday = day(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    return birthday is not None and ID_CHECK[total % 11] == text[17]


def bounds(validation: str) -> tuple[bool, Decimal | None, Decimal | None] | None:
    """Return (of the length?, least, most) of a rule like `len 2..100` or `0..`."""
    match = RANGE.match(validation)
    if not match:
        return None
    return bool(match[1]), number(match[2]), number(match[3])


def _choice(field: Field, value: str) -> Fault | None:
    several = field.type == "multi_choice"
    chosen = choices_in(value) if several else [value.strip()]
    wrong = [choice for choice in chosen if choice not in field.choices]
    if wrong or not chosen:
        return Fault("not_a_choice", {"wrong": wrong, "choices": list(field.choices)})
    return None


def _own_rule(field: Field, value: str) -> Fault | None:
    if not field.validation:
        return None
    limits = bounds(field.validation)
    if limits is None:
        return (
            None
            if re.search(field.validation, folded(value))
            else Fault("wrong_format")
        )
    of_length, least, most = limits
    measured = Decimal(len(value.strip())) if of_length else number(folded(value))
    if measured is None:
        return Fault("not_decimal")
    if least is not None and measured < least:
        return Fault("too_short" if of_length else "too_small", {"least": str(least)})
    if most is not None and measured > most:
        return Fault("too_long" if of_length else "too_large", {"most": str(most)})
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).year in YEARS
    except ValueError:
        return False


TYPES: Mapping[str, Callable[[str], bool]] = {
    "integer": lambda text: re.fullmatch(r"-?\d+", text) is not None,
    "decimal": lambda text: number(text) is not None,
    "date": _is_date,
    "boolean": lambda text: text in {"yes", "no"},
    "phone": lambda text: PHONE.match(text) is not None,
    "person_name": lambda text: PERSON_NAME.match(text) is not None,
    "id_number": lambda text: resident_id_holds(text.upper()),
}
