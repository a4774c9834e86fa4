"""One correction notice, and never for a government-issued paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.applying import Given, applicant_of
from services.cases.models import Case, Correction
from services.cases.operations.accept import accept_case, refuse_acceptance
from services.cases.operations.carry_on import carry_on
from services.cases.operations.correct import (
    NeverAskedOfApplicants,
    NothingToCorrect,
    OnlyOneNotice,
    answer_correction,
    request_correction,
)
from services.cases.operations.filing import Filing
from services.cases.operations.sweep import sweep
from services.cases.transitions import RoleMayNot
from services.common.actors import Actor
from services.common.errors import InvalidInput
from services.exchange.models import Exchange
from tests.clock import NOON
from tests.factories.cases import again, filed, hold_for, open_task, person_of

BY_DEPARTMENT = "HZ-033"
LISTED = "HZ-120"  # an answer brings an inspection and a day more
PHONE = {"pointer": "/fields/agent_phone", "text": "号码打不通"}


@pytest.fixture
def received(company) -> Case:
    hold_for(company, BY_DEPARTMENT)
    case = filed(company, BY_DEPARTMENT)
    assert case.state == Case.State.RECEIVED
    return case


@pytest.fixture
def reviewer(received) -> Actor:
    return person_of(open_task(received, "accept"))


class TestRequestCorrection:
    def test_names_the_applicant_and_stops_the_acceptance_timer(
        self, received, reviewer
    ):
        request_correction(case=received, problems=[PHONE], actor=reviewer, now=NOON)

        case = again(received)
        assert case.state == Case.State.CORRECTION
        assert case.accept_by is None
        assert open_task(case, "correct").role == "applicant"

    @pytest.mark.parametrize("material", ["M001", "M014"])
    def test_never_names_a_government_issued_material(
        self, received, reviewer, material
    ):
        problem = {"pointer": f"/materials/{material}", "text": "请提交"}

        with pytest.raises(NeverAskedOfApplicants):
            request_correction(
                case=received, problems=[problem], actor=reviewer, now=NOON
            )

        assert again(received).state == Case.State.RECEIVED

    @pytest.mark.parametrize(
        ("pointer", "text"),
        [
            ("/materials/M022", "请提交"),  # of another item
            ("/materials/M001 ", "请提交"),
            ("", "请补正"),
            ("/fields/agent_phone", "请上传营业执照复印件"),
            ("/fields/agent_phone", "Please upload your business licence"),
        ],
    )
    def test_asks_for_no_government_paper_in_a_roundabout_way(
        self, received, reviewer, pointer, text
    ):
        problem = {"pointer": pointer, "text": text}

        with pytest.raises(NeverAskedOfApplicants):
            request_correction(
                case=received, problems=[problem], actor=reviewer, now=NOON
            )

        assert not Correction.objects.exists()

    def test_may_speak_of_a_licence_without_asking_for_it(self, received, reviewer):
        problem = {**PHONE, "text": "与营业执照登记的号码不一致，请核对。"}

        request_correction(case=received, problems=[problem], actor=reviewer, now=NOON)

        assert again(received).state == Case.State.CORRECTION

    def test_says_what_is_wrong(self, received, reviewer):
        with pytest.raises(NothingToCorrect):
            request_correction(case=received, problems=[], actor=reviewer, now=NOON)

    def test_is_sent_once(self, received, reviewer, company):
        request_correction(case=received, problems=[PHONE], actor=reviewer, now=NOON)
        answer_correction(
            case=received,
            filing=Filing(fields={"agent_phone": "13800000001"}),
            actor=applicant_of(company),
            now=NOON,
        )

        with pytest.raises(OnlyOneNotice):
            request_correction(
                case=received, problems=[PHONE], actor=reviewer, now=NOON
            )

        assert Correction.objects.count() == 1


class TestAnswerCorrection:
    def test_goes_back_to_the_department(self, received, reviewer, company):
        request_correction(case=received, problems=[PHONE], actor=reviewer, now=NOON)

        answer_correction(
            case=received,
            filing=Filing(fields={"agent_phone": "13800000001"}),
            actor=applicant_of(company),
            now=NOON,
        )

        case = again(received)
        assert case.state == Case.State.RECEIVED
        assert case.accept_by
        assert case.stated_fields["agent_phone"] == "13800000001"
        assert open_task(case, "accept")

    def test_lists_what_is_still_wrong(self, received, reviewer, company):
        request_correction(case=received, problems=[PHONE], actor=reviewer, now=NOON)

        with pytest.raises(InvalidInput):
            answer_correction(
                case=received,
                filing=Filing(fields={"agent_phone": "nope"}),
                actor=applicant_of(company),
                now=NOON,
            )

        assert again(received).state == Case.State.CORRECTION


class TestACorrectedAnswer:
    def test_decides_how_the_case_goes_on(self, company):
        hold_for(company, LISTED)
        case = filed(company, LISTED, given=Given(answers={"alert": ["no"]}))
        assert not case.inspection
        reviewer = person_of(open_task(case, "accept"))
        problem = {"pointer": "/answers/alert", "text": "请核对是否列入名单"}
        request_correction(case=case, problems=[problem], actor=reviewer, now=NOON)

        answer_correction(
            case=case,
            filing=Filing(answers={"alert": ["yes"]}),
            actor=applicant_of(company),
            now=NOON,
        )

        corrected = again(case)
        assert corrected.inspection
        assert corrected.promised_days > case.promised_days
        assert corrected.derived_answers["alert"]["answer"] == ["yes"]
        accept_case(case=corrected, actor=reviewer, now=NOON)
        assert open_task(corrected, "inspect")


class TestANoticeThatIsNotAnswered:
    def test_ends_the_case_after_its_last_day(self, received, reviewer):
        notice = request_correction(
            case=received, problems=[PHONE], actor=reviewer, now=NOON
        )
        last_day = NOON + (notice.due_on - NOON.date())
        sweep(now=last_day)
        assert again(received).state == Case.State.CORRECTION

        sweep(now=last_day + timedelta(days=1))

        case = again(received)
        assert case.state == Case.State.TERMINATED
        assert not case.tasks.filter(closed_at__isnull=True).exists()


class TestAcceptCase:
    def test_starts_the_clock(self, received, reviewer):
        accept_case(case=received, actor=reviewer, now=NOON)
        carry_on(now=NOON)

        case = again(received)
        assert case.state == Case.State.IN_REVIEW
        assert case.accepted_at == NOON
        assert case.promised_on > NOON.date()
        assert case.statutory_on >= case.promised_on

    def test_is_not_for_a_window_that_nobody_delegated_it_to(self, received):
        window = Actor(kind="human", id="window-1", role="window_clerk")

        with pytest.raises(RoleMayNot):
            accept_case(case=received, actor=window, now=NOON)

        assert again(received).state == Case.State.RECEIVED

    def test_may_be_refused_with_reasons(self, received, reviewer):
        refuse_acceptance(
            case=received,
            kind="other_authority",
            reasons="属省级权限",
            actor=reviewer,
            now=NOON,
        )

        case = again(received)
        assert case.state == Case.State.NOT_ACCEPTED
        assert case.decision.redress

    def test_asks_departments_no_more_once_refused(self, company):
        case = filed(company, BY_DEPARTMENT, answered=False)
        Exchange.objects.filter(case=case.reference).update(
            state="waiting", outcome="", code="", settled_at=None, evidence=None
        )

        refuse_acceptance(
            case=case,
            kind="other_authority",
            reasons="属省级权限",
            actor=person_of(open_task(case, "accept")),
            now=NOON,
        )

        assert not Exchange.objects.open().filter(case=case.reference).exists()
        assert Exchange.objects.filter(case=case.reference).exists()
