"""Plausible demo values for the fields that nobody filled in. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from services.cases.planning.compare import day
from services.cases.planning.entries import bounds, resident_id_holds
from services.cases.planning.index import Index, index_of
from services.cases.planning.plan import Plan
from services.cases.planning.subjects import identity_number
from services.catalogue.definition import Definition, Field

USUAL_NUMBER = Decimal(100)
USUAL_DAY = date(2026, 6, 1)
BETWEEN_DATES = timedelta(days=30)
MOST_SUBJECTS = 2
FICTIONAL_NAME = "林示例"
FICTIONAL_PHONE = "13800000000"
FICTIONAL_ID = "330199199001010011"  # no district has this code
FICTIONAL_USCC = "91330106FAKE00021X"
SAMPLES = (
    "2401-330106-04-01-100001",  # project code
    "浙A12345",
    "17-10",  # class of a medical device
    "https://www.example.cn",
    "E12345678",  # passport
    "ZL202410000001.X",  # patent
    "3301960001",  # customs
    FICTIONAL_PHONE,
)

Subjects = Mapping[str, Sequence[str]]


def demo_fields(
    definition: Definition,
    plan: Plan,
    registry: Mapping[str, str],
    subjects: Subjects,
) -> dict[str, str]:
    """
    Return a valid value for each mandatory field that the plan leaves empty.

    :param subjects: what departments know of the company by kind of subject, as a form
        would hold it: staff as "name id", plates, project codes…
    """
    index = index_of(definition)
    kinds = {
        link.subject_field: link.subject
        for link in definition.links.values()
        if link.subject_field
    }
    empty = [
        index.fields[planned.code]
        for planned in plan.fields
        if not planned.value and index.fields[planned.code].required
    ]
    dates = [field.code for field in empty if field.type == "date"]
    values = {}
    for field in empty:
        known = subjects.get(kinds.get(field.code, ""), ())
        order = dates.index(field.code) if field.code in dates else 0
        values[field.code] = (
            _from_subjects(field, known, index)
            or _from_registry(field, registry)
            or _by_type(field, subjects, order)
        )
    return values


def _from_subjects(field: Field, known: Sequence[str], index: Index) -> str:
    if field.code in index.lists:
        return "\n".join(known[:MOST_SUBJECTS])
    for text in known:
        value = identity_number(text) if field.type == "id_number" else text
        if _fits(field, value):
            return value
    return ""


def _from_registry(field: Field, registry: Mapping[str, str]) -> str:
    """Return what the company itself would write: the representative, its place."""
    own = {
        "person_name": ("legal_representative",),
        "id_number": ("legal_rep_id",),
        "phone": ("phone",),
        "address": ("place_of_business", "registered_address"),
    }
    values = (registry.get(fact, "") for fact in own.get(field.type, ()))
    return next((value for value in values if value and _fits(field, value)), "")


def _by_type(field: Field, subjects: Subjects, order: int) -> str:
    if field.type in {"integer", "decimal"}:
        return _number(field)
    if field.choices:
        return field.choices[0]
    if field.type == "date":
        return (USUAL_DAY + order * BETWEEN_DATES).isoformat()
    fixed = {
        "person_name": FICTIONAL_NAME,
        "id_number": FICTIONAL_ID,
        "phone": FICTIONAL_PHONE,
        "usc_code": next(iter(subjects.get("other_entity", ())), FICTIONAL_USCC),
        "boolean": "yes",
        "address": "西湖区示例路1号",
    }
    return fixed.get(field.type) or _text(field)


def _number(field: Field) -> str:
    """Return a usual number within the field's limits."""
    _, least, most = bounds(field.validation) or (False, None, None)
    value = USUAL_NUMBER
    if least is not None:
        value = max(value, least)
    if most is not None:
        value = min(value, most)
    return str(int(value)) if field.type == "integer" else str(value)


def _text(field: Field) -> str:
    limits = bounds(field.validation) if field.validation else None
    if field.validation and limits is None:
        return next((s for s in SAMPLES if re.search(field.validation, s)), "")
    text = f"{field.label}（演示）"
    if limits and limits[1] is not None:
        text = text.ljust(int(limits[1]), "。")
    return text[: int(limits[2])] if limits and limits[2] is not None else text


def _fits(field: Field, value: str) -> bool:
    if field.type == "id_number":
        return resident_id_holds(value)
    if field.type == "date":
        return day(value) is not None
    limits = bounds(field.validation) if field.validation else None
    if field.validation and limits is None:
        return re.search(field.validation, value) is not None
    return bool(value)
