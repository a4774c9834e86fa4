"""Deciding: nobody closes on missing data."""

from __future__ import annotations

import pytest
from django.utils import translation

from services.cases.applying import applicant_of
from services.cases.models import Case, Decision
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import TaskAlreadyDone, finish_task
from services.cases.operations.decide import (
    ReasonsNeeded,
    RequirementsUnsettled,
    TasksOpen,
    approve_case,
    refuse_case,
)
from services.cases.paper_words import REDRESS
from services.cases.transitions import CaseAlreadyDecided, NotYourOffice, RoleMayNot
from services.common.actors import Actor
from services.departments.models import Profile
from tests.clock import NOON
from tests.factories.cases import (
    again,
    draft_for,
    filed,
    hold_for,
    open_task,
    person_of,
)
from tests.factories.departments import ProfileFactory

PROMISED = "HZ-095"  # a reviewer decides, no inspection


@pytest.fixture
def reviewed(company) -> Case:
    hold_for(company, PROMISED)
    return filed(company, PROMISED)


@pytest.fixture
def reviewer(reviewed) -> Actor:
    return person_of(open_task(reviewed, "decide"))


class TestApproveCase:
    def test_makes_a_certificate_that_the_office_keeps(self, reviewed, reviewer):
        approve_case(case=reviewed, actor=reviewer, now=NOON)
        carry_on(now=NOON)

        case = again(reviewed)
        assert case.state == Case.State.DELIVERED
        assert case.certificate.deposited_at
        assert case.decision.official == reviewer.name
        assert not case.tasks.filter(closed_at__isnull=True).exists()

    def test_decides_once(self, reviewed, reviewer):
        approve_case(case=reviewed, actor=reviewer, now=NOON)

        with pytest.raises(CaseAlreadyDecided):
            approve_case(case=reviewed, actor=reviewer, now=NOON)

        assert Decision.objects.count() == 1

    def test_is_not_for_another_office(self, reviewed, reviewer):
        stranger = reviewer._replace(office="scjg-330106")

        with pytest.raises(NotYourOffice):
            approve_case(case=reviewed, actor=stranger, now=NOON)

    def test_is_not_for_the_applicant(self, reviewed, company):
        with pytest.raises(RoleMayNot):
            approve_case(case=reviewed, actor=applicant_of(company), now=NOON)

    def test_refuses_while_a_department_has_not_answered(self, company):
        hold_for(company, PROMISED)
        draft = draft_for(company, PROMISED, answered=False)
        ProfileFactory(department="scjg", mode=Profile.Mode.DOWN)
        case = filed(company, PROMISED, answered=False)
        assert case.pk == draft.pk
        officer = Actor("human", "r", "reviewer", "张", office=case.office_id)

        with pytest.raises(RequirementsUnsettled):
            approve_case(case=case, actor=officer, now=NOON)

        assert again(case).state == Case.State.IN_REVIEW
        assert not Decision.objects.exists()

    def test_refuses_while_an_inspection_is_open(self, company):
        hold_for(company, "HZ-004")
        case = filed(company, "HZ-004")
        officer = Actor("human", "r", "reviewer", "张", office=case.office_id)

        with pytest.raises(TasksOpen):
            approve_case(case=case, actor=officer, now=NOON)


class TestSample:
    def test_of_automatic_decisions_is_looked_at_by_a_reviewer(
        self, company, monkeypatch
    ):
        monkeypatch.setattr("services.cases.operations.decide.SAMPLE_EVERY", 1)
        hold_for(company, "HZ-010")

        case = filed(company, "HZ-010")

        assert case.decision.automatic
        assert open_task(case, "sample").assignee_name


class TestRefuseCase:
    def test_gives_reasons_and_redress(self, reviewed, reviewer):
        refuse_case(case=reviewed, reasons="不符合条件", actor=reviewer, now=NOON)

        decision = again(reviewed).decision
        assert decision.reasons == "不符合条件"
        assert "60日" in decision.redress
        assert again(reviewed).state == Case.State.REFUSED

    def test_writes_its_paper_in_chinese_whoever_signs(self, reviewed, reviewer):
        with translation.override("en"):
            refuse_case(case=reviewed, reasons="不符合条件", actor=reviewer, now=NOON)

        assert again(reviewed).decision.redress == REDRESS

    def test_needs_reasons(self, reviewed, reviewer):
        with pytest.raises(ReasonsNeeded):
            refuse_case(case=reviewed, reasons="  ", actor=reviewer, now=NOON)

    def test_does_not_close_on_missing_data(self, company):
        hold_for(company, PROMISED)
        ProfileFactory(department="scjg", mode=Profile.Mode.DOWN)
        case = filed(company, PROMISED)
        officer = Actor("human", "r", "reviewer", "张", office=case.office_id)

        with pytest.raises(RequirementsUnsettled):
            refuse_case(case=case, reasons="无数据", actor=officer, now=NOON)


class TestFinishTask:
    def test_opens_the_decision_after_the_inspection(self, company):
        hold_for(company, "HZ-004")
        case = filed(company, "HZ-004")
        task = open_task(case, "inspect")

        finish_task(
            task=task, passed=True, remark="合格", actor=person_of(task), now=NOON
        )
        carry_on(now=NOON)

        assert open_task(case, "decide").assignee_name

    def test_is_done_once(self, company):
        hold_for(company, "HZ-004")
        task = open_task(filed(company, "HZ-004"), "inspect")
        person = person_of(task)
        finish_task(task=task, passed=True, remark="", actor=person, now=NOON)

        with pytest.raises(TaskAlreadyDone):
            finish_task(task=task, passed=False, remark="", actor=person, now=NOON)
