"""Demo values make the form of every one of the 251 items complete and valid."""

from __future__ import annotations

import pytest

from services.cases.planning.check import find_problems, uploads_of
from services.cases.planning.demo import demo_fields
from services.cases.planning.entries import resident_id_holds
from services.catalogue.definition import Definition, Field
from tests.cases.planning.build import REGISTRY, definition, field, link, plan
from tests.cases.planning.real import item

SUBJECTS = {
    "person": ["王一 330199199001010011", "李二 330199199001010038", "张三 1"],
    "vehicle": ["浙A12345", "浙A54321"],
    "project": ["2401-330106-04-01-100001"],
    "device": ["DE1001"],
    "other_entity": ["91330106FAKE00021X"],
}


def filled(of: Definition, subjects: dict[str, list[str]]) -> dict[str, str]:
    return demo_fields(of, plan(of), REGISTRY, subjects)


@pytest.mark.parametrize("subjects", [{}, SUBJECTS], ids=["nothing known", "known"])
@pytest.mark.parametrize("seq", range(1, 252))
def test_every_item_can_be_filed_with_demo_values(
    seq: int, subjects: dict[str, list[str]]
) -> None:
    of = item(seq)
    values = filled(of, subjects)

    planned = plan(of, fields=values)
    problems = find_problems(
        of,
        planned,
        stated_answers={},
        stated_fields=values,
        uploads={m.material for r in planned.requirements for m in uploads_of(r)},
        commitments=(),
    )

    assert problems == []


def one(
    single: Field, *, kind: str = "", known: dict[str, list[str]] | None = None
) -> str:
    """Return the demo value of one mandatory field."""
    links = [link("M051", subject=kind, subject_field=single.code)] if kind else []
    of = definition(*links, fields=(single,))
    return filled(of, known or {}).get(single.code, "")


def test_staff_are_those_whom_departments_know() -> None:
    staff = field("staff_ids", "long_text", required=True)

    assert one(staff, kind="person", known=SUBJECTS) == (
        "王一 330199199001010011\n李二 330199199001010038"
    )


def test_a_single_person_is_given_by_number() -> None:
    employee = field("employee_id", "id_number", required=True)

    assert one(employee, kind="person", known=SUBJECTS) == "330199199001010011"


def test_a_person_nobody_knows_gets_a_fictional_number_that_holds() -> None:
    assert resident_id_holds(one(field("agent_id", "id_number", required=True)))


def test_an_optional_field_stays_empty() -> None:
    assert one(field("note", "text")) == ""


def test_what_is_filled_in_is_left_alone() -> None:
    name = field("legal_name", required=True, prefill="registry:legal_name")

    assert one(name) == ""


def test_dates_follow_one_another() -> None:
    of = definition(
        fields=(
            field("suspend_from", "date", required=True),
            field("suspend_to", "date", required=True),
        )
    )

    values = filled(of, {})

    assert values["suspend_from"] < values["suspend_to"]


def test_numbers_stay_within_their_limits() -> None:
    assert one(field("ph", "decimal", required=True, validation="5..12")) == "12"
    assert one(field("n", "integer", required=True, validation="500..")) == "500"


def test_a_text_is_as_long_as_it_must_be() -> None:
    text = one(field("brief", "long_text", required=True, validation="len 30..40"))

    assert 30 <= len(text) <= 40
