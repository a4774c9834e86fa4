"""What people establish in review, and what pauses the clock meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.models import Case
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import (
    PAUSES,
    PauseNeedsGround,
    end_special_procedure,
    start_special_procedure,
)
from services.cases.operations.decide import approve_case
from services.cases.transitions import TransitionRefused
from services.cases.working_calendar import working_calendar
from services.common.actors import SYSTEM, Actor
from services.departments.models import Profile
from services.departments.operations.switch import switch
from services.ledger.queries import entries_of_case
from tests.clock import NOON
from tests.factories.cases import again, filed, hold_for, open_task, person_of

REVIEWED = "HZ-095"
A_WEEK = timedelta(days=7)  # five working days, whatever the weekday


@pytest.fixture
def reviewed(company) -> Case:
    hold_for(company, REVIEWED)
    return filed(company, REVIEWED)


@pytest.fixture
def reviewer(reviewed) -> Actor:
    return person_of(open_task(reviewed, "decide"))


class TestSpecialProcedure:
    def test_moves_both_deadlines_by_the_working_days_it_took(self, reviewed, reviewer):
        start_special_procedure(
            case=reviewed, ground="hearing", actor=reviewer, now=NOON
        )
        assert again(reviewed).paused_at == NOON

        end_special_procedure(case=reviewed, actor=reviewer, now=NOON + A_WEEK)

        case = again(reviewed)
        later = working_calendar().add_working_days
        assert case.state == Case.State.IN_REVIEW
        assert case.promised_on == later(reviewed.promised_on, 5)
        assert case.statutory_on == later(reviewed.statutory_on, 5)
        assert (case.paused_at, case.paused_days) == (None, 5)
        log = {line.type: line.details for line in entries_of_case(case.reference)}
        assert log["clock.paused"]["ground"] == "hearing"
        assert log["clock.resumed"]["working_days"] == 5

    @pytest.mark.parametrize("ground", ["site_visit", "outage", ""])
    def test_needs_a_ground_that_the_law_names(self, reviewed, reviewer, ground):
        assert ground not in PAUSES

        with pytest.raises(PauseNeedsGround):
            start_special_procedure(
                case=reviewed, ground=ground, actor=reviewer, now=NOON
            )

        assert again(reviewed).state == Case.State.IN_REVIEW

    def test_lets_nobody_decide_meanwhile(self, reviewed, reviewer):
        start_special_procedure(
            case=reviewed, ground="testing", actor=reviewer, now=NOON
        )

        with pytest.raises(TransitionRefused):
            approve_case(case=reviewed, actor=reviewer, now=NOON)

    def test_loses_no_answer_that_comes_meanwhile(self, company, reviewer_of):
        hold_for(company, REVIEWED)
        switch(department="scjg", mode=Profile.Mode.DOWN, actor=SYSTEM, now=NOON)
        case = filed(company, REVIEWED)
        officer = reviewer_of(case)
        start_special_procedure(case=case, ground="hearing", actor=officer, now=NOON)
        switch(department="scjg", mode=Profile.Mode.UP, actor=SYSTEM, now=NOON)
        later = NOON + timedelta(minutes=5)
        carry_on(now=later)

        end_special_procedure(case=case, actor=officer, now=later)
        carry_on(now=later)

        assert open_task(case, "decide").assignee_name


@pytest.fixture
def reviewer_of():
    """Return a reviewer of the office that handles a case."""

    def of(case: Case) -> Actor:
        return Actor("human", "r", "reviewer", "张", office=case.office_id)

    return of
