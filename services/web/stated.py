"""The application as somebody at the desk reads it: value, source, difference."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from services.cases.models import Case
from services.catalogue.definition import Definition, Question
from services.common.language import local

IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\w)")


class Stated(NamedTuple):
    """A field or answer of the application, and what data says instead."""

    label: str
    value: str
    by: str  # registry, a material's code, stated, decided, suggested, default
    differs: str


def stated(case: Case, definition: Definition) -> list[Stated]:
    """Return the answers, then the fields, in the form's order."""
    return [*_answers(case, definition), *_fields(case, definition)]


def _answers(case: Case, definition: Definition) -> list[Stated]:
    differing = {str(row["pointer"]): row for row in case.differences}
    rows = []
    for question in definition.questions:
        given = case.derived_answers.get(question.code)
        if given is None:
            continue
        difference = differing.get(f"/answers/{question.code}")
        said = difference["stated"].split(",") if difference else given["answer"]
        found = difference["found"].split(",") if difference else []
        by = given["from"] if given["by"] == "decided" else given["by"]
        rows.append(
            Stated(
                local(question, "text"),
                _texts(question, said),
                "stated" if difference else by,
                _texts(question, found),
            )
        )
    return rows


def _texts(question: Question, codes: Collection[str]) -> str:
    return "、".join(local(o, "text") for o in question.options if o.code in codes)


def _fields(case: Case, definition: Definition) -> list[Stated]:
    """Return the form; `differs` is what data says where that is something else."""
    differing = {str(row["pointer"]): str(row["found"]) for row in case.differences}
    rows = []
    for field in definition.fields:
        filled = case.prefilled_fields.get(field.code, {})
        stated = case.stated_fields.get(field.code, "")
        value = stated or str(filled.get("value", ""))
        if not value:
            continue
        by = "stated" if stated else str(filled.get("from", ""))
        differs = differing.get(f"/fields/{field.code}", "")
        rows.append(Stated(local(field, "label"), _masked(value), by, _masked(differs)))
    return rows


def _masked(text: str) -> str:
    """Return a text with its identity numbers without the dates of birth."""
    return IDENTITY.sub(r"\1********\2", text)
