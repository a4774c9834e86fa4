"""Everything that is wrong with a filing is listed together, with pointers."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases.planning.check import Finding, find_problems
from services.cases.planning.plan import Known
from services.catalogue.definition import Definition
from tests.cases.planning.build import (
    COMPANY,
    NOT_FOUND,
    SILENT,
    contract,
    definition,
    field,
    found,
    known_home,
    link,
    plan,
    premises_group,
    question,
    title,
)

AREA = field("area", "decimal", required=True, validation="1..500")
OTHER = field("contractor_uscc", "usc_code")
NAME = field("legal_name", required=True, prefill="registry:legal_name")
FIELDS = (NAME, AREA, OTHER)
PAPER = link(
    "M104",
    kind="applicant_made",
    commit_ok=True,
    commit_kind="proof",
    deferrable=True,
)
STERN = link("M101", kind="applicant_made")
ASK = question("biz_form", "catering*", "sales")


def problems(of: Definition, **given: Any) -> list[Finding]:
    """Return what is wrong with a filing; `area` is right unless given."""
    answers = given.get("answers", {})
    fields = {"area": "100", **given.get("fields", {})}
    known = given.get("known", {})
    planned = plan(of, answers=answers, fields=fields, known=known)
    return find_problems(
        of,
        planned,
        stated_answers={code: list(options) for code, options in answers.items()},
        stated_fields=fields,
        uploads=given.get("uploads", ()),
        commitments=given.get("commitments", ()),
        deferred=given.get("deferred", ()),
    )


def pointed(of: Definition, **given: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.pointer) for problem in problems(of, **given)]


FORM = definition(questions=(ASK,), fields=FIELDS)


def test_a_complete_filing_has_no_problem() -> None:
    of = definition(PAPER, questions=(ASK,), fields=FIELDS)

    assert problems(of, answers={"biz_form": ("sales",)}, uploads={"M104"}) == []


class TestAnswers:
    def test_an_unknown_question_names_the_nearest(self) -> None:
        (problem,) = problems(FORM, answers={"bizform": ("sales",)})

        assert (problem.code, problem.pointer) == (
            "unknown_question",
            "/answers/bizform",
        )
        assert problem.params["nearest"] == ["biz_form"]

    def test_an_option_outside_the_question_names_the_options(self) -> None:
        (problem,) = problems(FORM, answers={"biz_form": ("market",)})

        assert problem.code == "unknown_option"
        assert problem.params["options"] == ["catering", "sales"]

    def test_two_options_of_a_single_choice(self) -> None:
        answers = {"biz_form": ("catering", "sales")}

        assert pointed(FORM, answers=answers) == [
            ("only_one_option", "/answers/biz_form")
        ]

    def test_an_option_that_is_closed(self) -> None:
        ask = question("commitment", "yes", "no*", kind="boolean")
        of = definition(link("M086", source="rule"), questions=(ask,), fields=FIELDS)
        known = {("M086", COMPANY): found(serious_dishonest="yes")}

        assert pointed(of, answers={"commitment": ("yes",)}, known=known) == [
            ("option_unavailable", "/answers/commitment")
        ]

    def test_a_pointer_is_escaped(self) -> None:
        assert pointed(FORM, answers={"a/b~c": ("x",)}) == [
            ("unknown_question", "/answers/a~1b~0c")
        ]


class TestFields:
    def test_an_unknown_field_names_the_nearest(self) -> None:
        (problem,) = problems(FORM, fields={"aera": "1"})

        assert (problem.code, problem.params["nearest"]) == ("unknown_field", ["area"])

    def test_a_mandatory_field_is_missing(self) -> None:
        (problem,) = problems(FORM, fields={"area": " "})

        assert (problem.code, problem.pointer) == ("field_missing", "/fields/area")
        assert problem.params["label"] == "字段area"

    def test_what_the_register_filled_in_is_not_missing(self) -> None:
        assert ("field_missing", "/fields/legal_name") not in pointed(FORM)

    def test_what_the_register_says_is_not_held_against_the_applicant(self) -> None:
        odd = field("phone", "phone", prefill="registry:legal_name")

        assert problems(definition(fields=(AREA, odd))) == []

    def test_a_wrong_entry_says_why(self) -> None:
        (problem,) = problems(FORM, fields={"area": "501"})

        assert (problem.code, problem.params["most"]) == ("too_large", "500")

    def test_a_wrong_licence_number_says_which_check_failed(self) -> None:
        (problem,) = problems(FORM, fields={"contractor_uscc": "91330102FAKE00013"})

        assert problem.code == "licence_number_invalid"
        assert problem.params["problem"] == "wrong_length"

    def test_a_good_licence_number_is_taken(self) -> None:
        assert problems(FORM, fields={"contractor_uscc": "91330102FAKE000139"}) == []


class TestPapers:
    OF = definition(PAPER, STERN, fields=FIELDS)

    def test_each_missing_paper_is_named(self) -> None:
        assert pointed(self.OF) == [
            ("material_missing", "/materials/M104"),
            ("material_missing", "/materials/M101"),
        ]

    def test_a_commitment_stands_in_where_it_may(self) -> None:
        assert pointed(self.OF, commitments={"M104"}, uploads={"M101"}) == []

    def test_a_commitment_on_another_paper_is_refused(self) -> None:
        assert pointed(self.OF, commitments=["M101"], uploads={"M104"}) == [
            ("material_missing", "/materials/M101"),
            ("commitment_not_allowed", "/commitments/M101"),
        ]

    def test_a_paper_may_follow_where_it_may(self) -> None:
        assert pointed(self.OF, deferred={"M104"}, uploads={"M101"}) == []

    def test_no_other_paper_may_follow(self) -> None:
        assert pointed(self.OF, deferred=["M101"], uploads={"M104"}) == [
            ("material_missing", "/materials/M101"),
            ("deferred_not_allowed", "/deferred/M101"),
        ]

    def test_a_commitment_on_what_nobody_asks_for_names_the_nearest(self) -> None:
        (problem,) = problems(
            definition(PAPER, fields=FIELDS), commitments=["M140"], uploads={"M104"}
        )

        assert (problem.code, problem.params["nearest"]) == (
            "unknown_material",
            ["M104"],
        )

    def test_a_commitment_on_what_an_answer_waived_is_no_problem(self) -> None:
        of = definition(STERN, fields=FIELDS, materials=())

        assert problems(of, commitments=["M101"]) == []


class TestGovernmentPapers:
    @pytest.mark.parametrize("answer", [Known(), SILENT, NOT_FOUND])
    def test_are_never_missing_from_a_filing(self, answer: Known) -> None:
        of = definition(link("M004"), fields=FIELDS)

        assert problems(of, known={("M004", COMPANY): answer}) == []

    def test_are_refused_when_they_come(self) -> None:
        of = definition(link("M004"), fields=FIELDS)

        assert pointed(of, uploads=["M004"]) == [
            ("never_asked_of_applicants", "/materials/M004")
        ]

    def test_a_contract_is_due_only_when_no_register_has_a_lease(self) -> None:
        place = field("place", "address", prefill="registry:registered_address")
        of = definition(
            title(),
            contract(),
            groups=(premises_group(),),
            fields=(*FIELDS, place),
        )

        assert pointed(of, known=known_home(M022=SILENT)) == []
        assert pointed(of, known=known_home(M022=NOT_FOUND)) == [
            ("material_missing", "/materials/M131")
        ]


def test_all_problems_come_together() -> None:
    of = definition(STERN, questions=(ASK,), fields=FIELDS)

    codes = [
        problem.code
        for problem in problems(
            of,
            answers={"biz_form": ("market",)},
            fields={"area": "x", "other": "y"},
            commitments=["M101"],
        )
    ]

    assert codes == [
        "unknown_option",
        "unknown_field",
        "not_decimal",
        "material_missing",
        "commitment_not_allowed",
    ]
