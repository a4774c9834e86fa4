"""What must be shown, from whom, how it stands, and what is left when it is missing."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases.planning.index import GovernmentPaperAsked
from services.cases.planning.plan import Known, PlannedRequirement, Rung, Wanted
from services.catalogue.definition import Definition
from services.common.subjects import Subject
from tests.cases.planning.build import (
    COMPANY,
    HOME,
    NOT_FOUND,
    SILENT,
    contract,
    definition,
    effect,
    found,
    group,
    known_home,
    lease,
    link,
    plan,
    premises_group,
    question,
    rule,
    title,
)

PREMISES = definition(
    title(),
    lease(),
    contract(commit_ok=True, commit_kind="proof"),
    groups=(premises_group(),),
)
FOUND = Known("FOUND", "", ({},))
REFUSED = Known("REFUSED", "NOT_AUTHORISED")
DEFERRED = Known("DEFERRED", "ACCEPTED_FOR_LATER")
ONE, TWO = "330199199001010011", "330199199001010022"
STAFF = {"staff_ids": f"王一 {ONE}\n李二 {TWO}"}


def only(of: Definition, **given: Any) -> PlannedRequirement:
    """Return the one requirement of an item."""
    (requirement,) = plan(of, **given).requirements
    return requirement


def kinds(requirement: PlannedRequirement) -> list[tuple[str, str]]:
    return [(rung.kind, rung.material) for rung in requirement.ladder]


class TestStatus:
    @pytest.mark.parametrize(
        ("title_", "lease_", "status", "by"),
        [
            (FOUND, NOT_FOUND, "satisfied", "M022"),
            (NOT_FOUND, FOUND, "satisfied", "M091"),
            (FOUND, FOUND, "satisfied", "M022"),
            (SILENT, FOUND, "satisfied", "M091"),
            (NOT_FOUND, NOT_FOUND, "applicant", ""),
            (NOT_FOUND, SILENT, "open", ""),
            (SILENT, NOT_FOUND, "open", ""),
            (NOT_FOUND, REFUSED, "open", ""),
            (NOT_FOUND, DEFERRED, "open", ""),
            (NOT_FOUND, Known(), "open", ""),
        ],
    )
    def test_a_paper_is_due_only_when_everybody_is_sure(
        self, title_: Known, lease_: Known, status: str, by: str
    ) -> None:
        requirement = only(PREMISES, known=known_home(M022=title_, M091=lease_))

        assert (requirement.status, requirement.satisfied_by) == (status, by)

    @pytest.mark.parametrize(
        ("answer", "status"),
        [(FOUND, "satisfied"), (NOT_FOUND, "missing"), (SILENT, "open")],
    )
    def test_a_government_paper_is_missing_never_due(
        self, answer: Known, status: str
    ) -> None:
        requirement = only(definition(link("M004")), known={("M004", COMPANY): answer})

        assert requirement.status == status

    def test_own_papers_form_and_signature_are_due_from_the_start(self) -> None:
        of = definition(
            link("M099", kind="applicant_made", how="form"),
            link("M100", kind="applicant_made", how="sign"),
            link("M104", kind="applicant_made"),
        )

        assert [r.status for r in plan(of).requirements] == ["applicant"] * 3

    def test_members_are_tried_in_the_order_of_the_group(self) -> None:
        members = only(PREMISES).members

        assert [(m.material, m.how, m.fallback) for m in members] == [
            ("M022", "exchange", False),
            ("M091", "exchange", False),
            ("M131", "upload", True),
        ]
        assert members[0].department == "scjg"
        assert members[2].department == ""


class TestNoSubmission:
    def test_a_definition_that_would_ask_for_such_a_paper_is_refused(self) -> None:
        with pytest.raises(GovernmentPaperAsked, match="M004"):
            plan(definition(link("M004", how="upload")))


class TestThirdPartyData:
    OF = definition(link("M135", kind="third_party", how="exchange", holder="scjg"))

    def test_is_asked_of_the_department_first(self) -> None:
        requirement = only(self.OF)

        assert [m.how for m in requirement.members] == ["exchange", "upload"]
        assert requirement.status == "open"

    def test_may_be_uploaded_when_the_department_is_sure_to_hold_none(self) -> None:
        requirement = only(self.OF, known={("M135", COMPANY): NOT_FOUND})

        assert requirement.status == "applicant"
        assert ("apply_first", "M135") not in kinds(requirement)

    def test_is_not_asked_for_while_the_department_is_silent(self) -> None:
        assert only(self.OF, known={("M135", COMPANY): SILENT}).status == "open"


class TestFallback:
    OF = definition(
        link("M015"),
        link("M002", source="fallback"),
        link("M150", kind="third_party", source="fallback"),
        groups=(group("G", "M015", "M002", "M150?", basis="fallback"),),
    )

    def wanted(self, **known: Known) -> list[str]:
        answers = {(material, COMPANY): answer for material, answer in known.items()}
        return [w.material for w in plan(self.OF, known=answers).wanted]

    def test_is_no_part_of_the_slot(self) -> None:
        assert plan(self.OF).slots == (("M015",),)

    def test_is_asked_only_when_the_listed_one_is_not_found(self) -> None:
        assert self.wanted() == ["M015"]
        assert self.wanted(M015=SILENT) == ["M015"]
        assert self.wanted(M015=NOT_FOUND) == ["M015", "M002"]

    @pytest.mark.parametrize(
        ("first", "second", "status"),
        [
            (NOT_FOUND, FOUND, "satisfied"),
            (SILENT, FOUND, "open"),
            (NOT_FOUND, Known(), "open"),
            (NOT_FOUND, NOT_FOUND, "applicant"),
        ],
    )
    def test_counts_only_then(self, first: Known, second: Known, status: str) -> None:
        known = {("M015", COMPANY): first, ("M002", COMPANY): second}

        assert only(self.OF, known=known).status == status

    def test_what_an_answer_waived_does_not_come_back(self) -> None:
        waived = (effect("q/a", "waive_material", "M002"),)
        of = definition(
            *self.OF.links.values(),
            groups=self.OF.groups,
            questions=(question("q", "a*", "b"),),
            effects=waived,
        )

        assert [m.material for m in only(of).members] == ["M015", "M150"]

    def test_what_stands_in_another_slot_is_no_fallback(self) -> None:
        of = definition(link("M015"), link("M002"), groups=self.OF.groups)

        assert [len(r.members) for r in plan(of).requirements] == [1, 1]


class TestFanOut:
    HEALTH = link("M051", subject="person", subject_field="staff_ids")

    def test_there_is_one_requirement_per_person(self) -> None:
        planned = plan(definition(self.HEALTH), fields=STAFF)

        assert [r.subject.key for r in planned.requirements] == [ONE, TWO]
        assert [r.slot for r in planned.requirements] == [0, 0]
        assert [w.subject.key for w in planned.wanted] == [ONE, TWO]

    def test_each_stands_by_itself(self) -> None:
        known = {("M051", Subject("person", TWO)): FOUND}

        planned = plan(definition(self.HEALTH), fields=STAFF, known=known)

        assert [r.status for r in planned.requirements] == ["open", "satisfied"]

    def test_members_about_somebody_else_keep_their_subject(self) -> None:
        of = definition(
            self.HEALTH,
            link("M062"),
            link(
                "M150", kind="third_party", subject="person", subject_field="staff_ids"
            ),
            groups=(group("G", "M051", "M062", "M150?"),),
        )

        second = plan(of, fields=STAFF).requirements[1]

        assert [str(m.subject) for m in second.members] == [
            f"person:{TWO}",
            str(COMPANY),
            f"person:{TWO}",
        ]

    def test_nobody_named_means_whoever_the_company_has(self) -> None:
        assert only(definition(self.HEALTH)).subject == COMPANY


class TestLadder:
    def test_ends_with_the_items_that_yield_the_paper(self) -> None:
        of = definition(link("M047", made_by=("HZ-004", "HZ-229", "HZ-230")))

        requirement = only(of, known={("M047", COMPANY): NOT_FOUND})

        assert requirement.ladder == (
            Rung("assist", "M047", department="scjg"),
            Rung("dispute", "M047", department="scjg"),
            Rung("apply_first", "M047", item="HZ-229"),
            Rung("apply_first", "M047", item="HZ-230"),
        )

    def test_names_the_office_where_no_item_yields_it(self) -> None:
        requirement = only(
            definition(link("M015", made_by=("HZ-004",))),  # only the item itself
            known={("M015", COMPANY): NOT_FOUND},
        )

        assert requirement.ladder[-1] == Rung("issuer", "M015", department="scjg")

    def test_begins_with_other_evidence(self) -> None:
        of = definition(title(), lease(), groups=(premises_group(),))

        requirement = only(of, known=known_home(M022=NOT_FOUND))

        assert requirement.status == "open"
        assert kinds(requirement)[0] == ("alternative", "M091")

    def test_offers_a_commitment_only_where_one_is_allowed(self) -> None:
        proof = link("M051", commit_ok=True, commit_kind="proof")
        key = link("M051", commit_ok=True, commit_kind="proof", key=True)
        known = {("M051", COMPANY): NOT_FOUND}

        assert ("commitment", "M051") in kinds(only(definition(proof), known=known))
        assert ("commitment", "M051") not in kinds(only(definition(key), known=known))

    def test_offers_none_after_serious_dishonesty(self) -> None:
        proof = link("M051", commit_ok=True, commit_kind="proof")
        known = {
            ("M051", COMPANY): NOT_FOUND,
            ("M086", COMPANY): found(serious_dishonest="yes"),
        }

        requirement = only(definition(proof), known=known)

        assert ("commitment", "M051") not in kinds(requirement)
        assert not requirement.commit_ok

    def test_is_gone_once_other_evidence_is_found(self) -> None:
        requirement = only(PREMISES, known=known_home(M022=NOT_FOUND, M091=FOUND))

        assert requirement.ladder == ()

    @pytest.mark.parametrize("answer", [FOUND, SILENT, REFUSED, DEFERRED, Known()])
    def test_is_not_needed_unless_a_department_is_sure(self, answer: Known) -> None:
        requirement = only(definition(link("M051")), known={("M051", COMPANY): answer})

        assert requirement.ladder == ()

    def test_no_rung_is_an_upload(self) -> None:
        requirement = only(PREMISES, known=known_home(M022=NOT_FOUND, M091=NOT_FOUND))

        assert {rung.kind for rung in requirement.ladder} <= {
            "alternative",
            "assist",
            "dispute",
            "commitment",
        }


class TestPermitCommitment:
    PERMIT = link("M104", kind="applicant_made", commit_ok=True, commit_kind="permit")
    ASK = question("q", "a", "b*")
    OFFER = (effect("q/a", "commitment_offered"),)

    def test_is_open_only_with_the_answer_that_offers_it(self) -> None:
        of = definition(self.PERMIT, questions=(self.ASK,), effects=self.OFFER)

        assert only(of, answers={"q": ("a",)}).commit_ok
        assert not only(of).commit_ok

    def test_is_open_where_no_question_is_about_it(self) -> None:
        assert only(definition(self.PERMIT)).commit_ok

    def test_is_closed_where_the_item_allows_none(self) -> None:
        assert not only(definition(self.PERMIT, commitment_allowed=False)).commit_ok


class TestNames:
    def test_a_group_has_its_own_name_and_a_single_paper_its_own(self) -> None:
        assert only(PREMISES).name == "G_PREMISES（任一）"
        assert only(definition(link("M004"))).name == "材料M004"

    def test_a_group_is_deferrable_as_its_paper_is(self) -> None:
        of = definition(title(), contract(deferrable=True), groups=(premises_group(),))

        assert only(of).deferrable
        assert not only(PREMISES).deferrable


class TestWanted:
    ASK = question("q", "a", "b*")

    def test_members_of_a_group_are_asked_at_once_and_papers_never(self) -> None:
        assert plan(PREMISES).wanted == (
            Wanted("M022", "scjg", HOME),
            Wanted("M091", "scjg", HOME),
        )

    def test_what_a_rule_needs_is_asked_even_when_it_is_not_required(self) -> None:
        of = definition(
            link("M001"),
            link("M086", source="rule"),
            questions=(self.ASK,),
            rules=(rule("q/a", "M086.accident", "equals", "yes"),),
        )

        assert [w.material for w in plan(of).wanted] == ["M001", "M086"]
        assert plan(of).slots == (("M001",),)

    def test_nothing_is_asked_twice(self) -> None:
        of = definition(
            link("M001"), questions=(self.ASK,), rules=(rule("q/a", "M001", "found"),)
        )

        assert [w.material for w in plan(of).wanted] == ["M001"]

    def test_what_was_answered_is_still_named(self) -> None:
        known = {("M001", COMPANY): FOUND}

        assert [w.material for w in plan(definition(link("M001")), known=known).wanted]
