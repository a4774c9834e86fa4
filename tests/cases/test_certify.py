"""From the decision to the certificate in the company's hands."""

from __future__ import annotations

import pytest

from services.cases.applying import Given, applicant_of
from services.cases.models import Case, Certificate
from services.cases.operations.carry_on import carry_on
from services.cases.operations.certify import (
    CertificateNotKept,
    certificates_kept,
    hand_over,
    pay_fee,
)
from services.cases.operations.confirm import finish_task
from services.cases.operations.decide import approve_case
from services.cases.transitions import NotYourOffice, RoleMayNot, TransitionRefused
from services.common.actors import SYSTEM, Actor
from services.departments.models import Profile
from services.departments.operations.switch import switch
from services.ledger.queries import entries_of_case
from tests.clock import NOON
from tests.factories.cases import again, filed, hold_for, open_task, person_of

WITH_FEE = "HZ-190"  # a reviewer decides, then the company pays
FOOD = "HZ-004"
ON_COMMITMENT = {"commitment": ["yes"]}


class TestPayFee:
    @pytest.fixture
    def approved(self, company) -> Case:
        hold_for(company, WITH_FEE)
        case = filed(company, WITH_FEE)
        reviewer = person_of(open_task(case, "decide"))
        approve_case(case=case, actor=reviewer, now=NOON)
        carry_on(now=NOON)
        return again(case)

    def test_is_awaited_from_the_company_before_anything_is_made(
        self, company, approved
    ):
        assert approved.state == Case.State.AWAITING_PAYMENT
        task = open_task(approved, "pay")
        assert (task.role, task.assignee_name) == (
            "applicant",
            approved.stated_fields["agent_name"],
        )
        assert not Certificate.objects.exists()

    def test_brings_the_certificate(self, company, approved):
        pay_fee(case=approved, actor=applicant_of(company), now=NOON)
        carry_on(now=NOON)

        case = again(approved)
        assert case.state == Case.State.DELIVERED
        assert case.certificate.deposited_at
        assert not case.tasks.filter(closed_at__isnull=True).exists()
        types = [line.type for line in entries_of_case(case.reference)]
        assert types.index("case.decided") < types.index("fee.paid")

    def test_is_taken_once(self, company, approved):
        pay_fee(case=approved, actor=applicant_of(company), now=NOON)

        with pytest.raises(TransitionRefused):
            pay_fee(case=approved, actor=applicant_of(company), now=NOON)

        assert Certificate.objects.count() == 1

    def test_is_not_for_another_company(self, other_company, approved):
        with pytest.raises(NotYourOffice):
            pay_fee(case=approved, actor=applicant_of(other_company), now=NOON)


class TestHandOver:
    @pytest.fixture
    def made(self, company) -> Case:
        hold_for(company, FOOD)
        at_window = Given(answers=ON_COMMITMENT, fields={"delivery": "窗口领取"})
        return filed(company, FOOD, given=at_window)

    def test_waits_for_the_issuing_clerk_by_name(self, made):
        assert made.state == Case.State.CERTIFIED
        assert made.certificate.deposited_at
        task = open_task(made, "hand_over")
        assert task.assignee_name == str(task.assignee)

    def test_delivers_and_says_who_did_it(self, made):
        clerk = person_of(open_task(made, "hand_over"))

        hand_over(case=made, actor=clerk, now=NOON, remark="本人领取")

        case = again(made)
        assert case.state == Case.State.DELIVERED
        assert case.delivered_at == NOON
        task = case.tasks.get(kind="hand_over")
        assert (task.closed_by, task.remark) == (clerk.id, "本人领取")
        last = entries_of_case(case.reference)[-1]
        assert (last.type, last.actor_role) == ("case.delivered", "issuing_clerk")

    def test_is_not_for_the_company_itself(self, company, made):
        with pytest.raises(RoleMayNot):
            hand_over(case=made, actor=applicant_of(company), now=NOON)


class TestCertificatesKept:
    def test_delivers_only_after_the_office_keeps_it(self, company):
        hold_for(company, FOOD)
        case = filed(company, FOOD)
        inspector = open_task(case, "inspect")
        finish(inspector)
        reviewer = person_of(open_task(case, "decide"))
        switch(department="scjg", mode=Profile.Mode.DOWN, actor=SYSTEM, now=NOON)
        approve_case(case=again(case), actor=reviewer, now=NOON)

        carry_on(now=NOON)

        assert again(case).state == Case.State.CERTIFIED
        assert again(case).certificate.deposited_at is None
        clerk = Actor(kind="human", id="issuing-1", role="issuing_clerk")
        with pytest.raises(CertificateNotKept):
            hand_over(case=case, actor=clerk, now=NOON)
        assert again(case).state == Case.State.CERTIFIED

    def test_changes_nothing_the_second_time(self, company):
        hold_for(company, FOOD)
        case = filed(company, FOOD, given=Given(answers=ON_COMMITMENT))
        entries = len(entries_of_case(case.reference))

        assert certificates_kept(numbers=[case.certificate.number], now=NOON) == 0

        assert len(entries_of_case(case.reference)) == entries


def finish(task) -> None:
    finish_task(task=task, passed=True, remark="", actor=person_of(task), now=NOON)
    carry_on(now=NOON)
