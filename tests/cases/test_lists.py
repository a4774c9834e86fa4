"""Who sees which cases: the owner, another company, the clerks."""

from __future__ import annotations

from datetime import date

import pytest

from services.cases.applying import applicant_of
from services.cases.models import Case
from services.cases.queries.lists import (
    CaseUnknown,
    find_case,
    office_cases,
    open_tasks,
    visible_cases,
)
from services.common.actors import Actor
from tests.clock import NOON
from tests.factories.cases import draft_for, filed, hold_for, open_task, person_of

REVIEWED = "HZ-095"
BY_DEPARTMENT = "HZ-033"  # waits for the department to accept it


def clerk(role: str, office: str = "") -> Actor:
    return Actor("human", f"{role}-x", role, "张", office=office)


@pytest.fixture
def case(company) -> Case:
    hold_for(company, REVIEWED)
    return filed(company, REVIEWED)


class TestFindCase:
    def test_shows_the_owner_a_case_by_number_and_by_reference(self, company, case):
        owner = applicant_of(company)

        assert find_case(case.number, actor=owner) == case
        assert find_case(case.reference, actor=owner) == case

    def test_looks_to_another_company_as_if_it_did_not_exist(self, other_company, case):
        stranger = applicant_of(other_company)

        with pytest.raises(CaseUnknown) as theirs:
            find_case(case.number, actor=stranger)
        with pytest.raises(CaseUnknown) as nobodys:
            find_case("330100-20261123-999999", actor=stranger)

        assert theirs.value.code == nobodys.value.code

    def test_shows_it_to_the_office_that_handles_it_and_to_no_other(self, case):
        own = clerk("reviewer", case.office_id)
        assert find_case(case.number, actor=own) == case

        department = case.office_id.partition("-")[0]
        for office in (department, f"{department}-330106", "scjg-330102", ""):
            assert office != case.office_id
            with pytest.raises(CaseUnknown):
                find_case(case.number, actor=clerk("reviewer", office))

    @pytest.mark.parametrize("role", ["auditor", "planner", "operator", ""])
    def test_shows_it_to_nobody_whose_work_does_not_need_it(self, case, role):
        assert not visible_cases(clerk(role, case.office_id)).exists()

    def test_shows_windows_what_was_filed_but_no_draft(self, company, case):
        draft = draft_for(company, "HZ-004")
        window = clerk("window_clerk")

        assert find_case(case.number, actor=window) == case
        with pytest.raises(CaseUnknown):
            find_case(draft.reference, actor=window)


class TestOpenTasks:
    def test_are_those_of_the_person_who_is_named(self, case):
        task = open_task(case, "decide")
        person = person_of(task)

        assert list(open_tasks(person)) == [task]
        assert not open_tasks(person._replace(id="reviewer-rsj-330106")).exists()


class TestOfficeCases:
    def test_carry_their_open_tasks(self, case, django_assert_num_queries):
        own = clerk("reviewer", case.office_id)

        with django_assert_num_queries(2):
            [found] = office_cases(own, view="all", today=NOON.date())

        assert [task.kind for task in found.open_tasks] == ["decide"]

    def test_are_due_soon_when_their_acceptance_is(self, company):
        hold_for(company, BY_DEPARTMENT)
        case = filed(company, BY_DEPARTMENT)
        own = clerk("reviewer", case.office_id)
        last_day = date(2026, 11, 30)

        assert not office_cases(own, view="due", today=NOON.date()).exists()
        assert list(office_cases(own, view="due", today=last_day)) == [case]

    def test_show_nothing_of_another_office(self, case):
        other = clerk("reviewer", "scjg-330102")

        assert not office_cases(other, view="all", today=NOON.date()).exists()
