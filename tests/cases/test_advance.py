"""Carrying cases on: what data says later, who must act, and delivery twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.applying import Given
from services.cases.models import Case, Certificate, Decision
from services.cases.operations.advance import advance
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import finish_task
from services.departments.models import Profile, Record
from services.exchange.models import AssistRequest
from services.exchange.operations.assist import close_assist
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.cases import again, filed, hold_for, open_task, person_of
from tests.factories.departments import ProfileFactory

FOOD, LABOUR = "HZ-004", "HZ-095"
ON_COMMITMENT = Given(answers={"commitment": ["yes"]})
SILENT = ("zbfg", "ghzy", "scjg", "ga", "wsjk", "fg", "rlsb")


def be(mode: str) -> None:
    for department in SILENT:
        Profile.objects.filter(department=department).delete()
        ProfileFactory(department=department, mode=mode)


@pytest.fixture
def filed_in_silence(company) -> Case:
    """Have an instant case that was filed and accepted while nobody answered."""
    hold_for(company, FOOD)
    be(Profile.Mode.DOWN)
    return filed(company, FOOD, given=ON_COMMITMENT, answered=False)


class TestAnOutage:
    def test_delays_neither_filing_nor_acceptance_and_decides_nothing(
        self, filed_in_silence
    ):
        case = filed_in_silence

        assert case.state == Case.State.IN_REVIEW
        assert case.accepted_at == NOON
        assert not Decision.objects.exists()
        assert not case.tasks.filter(role="applicant").exists()

    def test_ends_by_itself(self, filed_in_silence):
        be(Profile.Mode.UP)

        carry_on(now=NOON + timedelta(minutes=5))

        assert again(filed_in_silence).state == Case.State.DELIVERED

    def test_calls_an_officer_of_the_silent_department_in_the_end(
        self, filed_in_silence
    ):
        carry_on(now=NOON + timedelta(hours=5))

        tasks = filed_in_silence.tasks.filter(kind="assist", closed_at__isnull=True)
        assert {task.office_id for task in tasks} <= set(SILENT)
        assert tasks.exists()
        assert all(task.assignee_name for task in tasks)
        assert AssistRequest.objects.exists()

    def test_closes_the_task_of_an_officer_who_found_nothing(self, filed_in_silence):
        carry_on(now=NOON + timedelta(hours=5))
        tasks = filed_in_silence.tasks.filter(kind="assist", closed_at__isnull=True)
        task = tasks[0]
        for request in AssistRequest.objects.filter(exchange__material=task.about):
            close_assist(
                request=request,
                finding="NO_RECORD",
                actor=person_of(task),
                now=NOON + timedelta(hours=5),
            )

        carry_on(now=NOON + timedelta(hours=5))

        assert task not in tasks.all()
        assert tasks.exists()

    def test_closes_the_officers_task_when_the_system_answers_after_all(
        self, filed_in_silence
    ):
        carry_on(now=NOON + timedelta(hours=5))
        be(Profile.Mode.UP)

        carry_on(now=NOON + timedelta(hours=7))

        case = again(filed_in_silence)
        assert not case.tasks.filter(kind="assist", closed_at__isnull=True).exists()
        assert case.state == Case.State.DELIVERED


class TestLateAnswers:
    def test_that_contradict_the_applicant_go_to_a_person(self, company):
        hold_for(company, FOOD)
        be(Profile.Mode.DOWN)
        stated = Given(answers={"commitment": ["yes"], "premises": ["free_use"]})
        case = filed(company, FOOD, given=stated, answered=False)
        be(Profile.Mode.UP)

        carry_on(now=NOON + timedelta(minutes=5))

        case = again(case)
        assert case.state == Case.State.IN_REVIEW
        assert "/answers/premises" in {d["pointer"] for d in case.differences}
        assert open_task(case, "confirm").about == "premises"

    def test_that_agree_ask_nobody(self, filed_in_silence):
        be(Profile.Mode.UP)

        carry_on(now=NOON + timedelta(minutes=5))

        case = again(filed_in_silence)
        assert not case.filed_in_silence
        assert not case.tasks.filter(kind="confirm").exists()


class TestAFailedCheck:
    def test_keeps_the_system_from_deciding(self, company):
        hold_for(company, FOOD)
        be(Profile.Mode.DOWN)
        stated = Given(answers={"commitment": ["yes"], "premises": ["free_use"]})
        case = filed(company, FOOD, given=stated, answered=False)
        be(Profile.Mode.UP)
        carry_on(now=NOON + timedelta(minutes=5))
        task = open_task(again(case), "confirm")

        finish_task(
            task=task, passed=False, remark="不实", actor=person_of(task), now=NOON
        )
        carry_on(now=NOON + timedelta(minutes=6))

        case = again(case)
        assert case.state == Case.State.IN_REVIEW
        assert open_task(case, "decide").assignee_name


class TestDeliveredTwice:
    def test_a_message_changes_nothing_the_second_time(self, company):
        hold_for(company, FOOD)
        case = filed(company, FOOD, given=ON_COMMITMENT)
        entries = LogEntry.objects.count()

        advance(references=[case.reference], now=NOON)
        carry_on(now=NOON)

        assert LogEntry.objects.count() == entries
        assert Certificate.objects.count() == Decision.objects.count() == 1

    def test_a_case_that_waits_for_a_person_gets_one_task(self, company):
        hold_for(company, LABOUR)
        case = filed(company, LABOUR)

        for _ in range(3):
            advance(references=[case.reference], now=NOON)

        assert case.tasks.filter(kind="decide").count() == 1

    def test_a_certificate_is_kept_once(self, company):
        hold_for(company, FOOD)
        case = filed(company, FOOD, given=ON_COMMITMENT)

        kept = Record.objects.filter(
            number=case.certificate.number, subject_kind="entity"
        )
        assert kept.count() == 1
        assert kept.get().deposited_at
