"""Where the applicant's word differs from what register and evidence say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.cases.planning.compare import number, same_name, same_place
from services.cases.planning.index import index_of
from services.cases.planning.plan import Knowledge, PlannedQuestion
from services.cases.planning.prefill import fill_fields
from services.catalogue.definition import Definition, Field


class Difference(NamedTuple):
    """One difference: a mark for the clerk, never a burden on the applicant."""

    pointer: str  # /answers/premises, /fields/use_area
    stated: str
    found: str
    source: str  # registry, M091…


def find_differences(
    definition: Definition,
    questions: Sequence[PlannedQuestion],
    *,
    stated_answers: Mapping[str, Sequence[str]],
    stated_fields: Mapping[str, str],
    registry: Mapping[str, str],
    known: Knowledge,
) -> list[Difference]:
    """Return the answers and fields that data contradicts, in the form's order."""
    answers = [
        Difference(
            f"/answers/{planned.question.code}",
            ",".join(stated_answers[planned.question.code]),
            ",".join(planned.answer),
            planned.because,
        )
        for planned in questions
        if planned.given_by == "decided"
        and planned.question.code in stated_answers
        and tuple(stated_answers[planned.question.code]) != planned.answer
    ]
    index = index_of(definition)
    own = {
        code: value
        for code, value in stated_fields.items()
        if code in index.fields and not index.fields[code].prefill
    }
    filled = fill_fields(index, stated=own, registry=registry, known=known)
    fields = [
        Difference(
            f"/fields/{field.code}",
            stated_fields[field.code],
            field.value,
            field.source,
        )
        for field in filled
        if field.value
        and index.fields[field.code].prefill
        and stated_fields.get(field.code)
        and not _same(index.fields[field.code], stated_fields[field.code], field.value)
    ]
    return answers + fields


def _same(field: Field, stated: str, found: str) -> bool:
    if field.type == "address":
        return same_place(stated, found)
    if (amount := number(stated)) is not None:
        return amount == number(found)
    return same_name(stated, found)
