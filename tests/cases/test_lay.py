"""What takes the place of a paper: a promise to bring it, or to stand for it."""

from __future__ import annotations

from datetime import date

import pytest

from services.cases.applying import Given, applicant_of, fill_in
from services.cases.models import Case, Requirement
from services.cases.operations.carry_on import carry_on
from services.cases.operations.draft import open_draft
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.catalogue.queries import current_version
from services.common.errors import InvalidInput
from services.ledger.queries import entries_of_case
from tests.clock import NOON
from tests.factories.cases import again, filed, hold_for, open_task

KEY_UNIT = "HZ-230"  # instant; its appointment paper is secondary
APPOINTMENT, FIRE_OPINION = "M106", "M047"


@pytest.fixture
def draft(company) -> Case:
    """A draft with everything but the company's own paper."""
    hold_for(company, KEY_UNIT)
    actor = applicant_of(company)
    version = current_version(KEY_UNIT)
    case = open_draft(entity=company, item_version=version, actor=actor, now=NOON)
    carry_on(now=NOON)
    fill_in(case=case, given=Given(), actor=actor, now=NOON)
    carry_on(now=NOON)
    return case


def file(draft: Case, **what: tuple[str, ...]) -> Case:
    actor = applicant_of(draft.entity)
    file_case(case=draft, filing=Filing(**what), actor=actor, now=NOON)
    carry_on(now=NOON)
    return again(draft)


class TestDeferredPaper:
    def test_holds_nothing_up_and_has_a_due_day(self, draft):
        case = file(draft, deferred=(APPOINTMENT,))

        assert case.state == Case.State.DELIVERED
        row = case.requirements.get(satisfied_by=APPOINTMENT)
        assert row.means == Requirement.Means.DEFERRED
        assert row.due_on == date(2026, 12, 7)  # ten working days after the Monday
        assert not case.uploads.exists()

    def test_is_never_one_that_government_issued(self, draft):
        with pytest.raises(InvalidInput) as caught:
            file(draft, deferred=(APPOINTMENT, FIRE_OPINION))

        [problem] = caught.value.problems
        assert problem.code == "deferred_not_allowed"


class TestCommittedProof:
    def test_stands_for_the_paper_and_is_kept_as_a_promise(self, draft):
        case = file(draft, commitments=(APPOINTMENT,))

        assert case.state == Case.State.DELIVERED
        row = case.requirements.get(satisfied_by=APPOINTMENT)
        assert row.means == Requirement.Means.COMMITMENT
        promise = case.commitments.get()
        assert (promise.material_code, promise.kind) == (APPOINTMENT, "proof")
        assert promise.signed_by == applicant_of(case.entity).id
        types = [line.type for line in entries_of_case(case.reference)]
        assert types.index("case.filed") < types.index("commitment.made")

    def test_is_never_a_key_one(self, draft):
        with pytest.raises(InvalidInput) as caught:
            file(draft, commitments=(APPOINTMENT, FIRE_OPINION))

        assert [p.pointer for p in caught.value.problems] == ["/commitments/M047"]


def test_a_paper_that_nothing_replaces_is_asked_for(draft):
    with pytest.raises(InvalidInput) as caught:
        file(draft)

    assert [p.pointer for p in caught.value.problems] == ["/materials/M106"]


class TestTheWayOfCommitment:
    def test_keeps_each_promise_and_has_it_checked_afterwards(self, company):
        hold_for(company, "HZ-004")
        case = filed(company, "HZ-004", given=Given(answers={"commitment": ["yes"]}))

        promise = case.commitments.get()
        assert promise.material_code == "M104"  # the rules that it need not file
        assert promise.check_due_on == date(2026, 12, 23)
        assert case.state == Case.State.DELIVERED
        assert open_task(case, "sample").assignee_name
