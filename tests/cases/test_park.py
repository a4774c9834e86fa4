"""A company that lacks a certificate: told first, parked, then on by itself."""

from __future__ import annotations

import pytest

from services.cases.applying import applicant_of
from services.cases.evidence import standing
from services.cases.models import Case, Upload
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import finish_task
from services.cases.operations.decide import approve_case
from services.cases.operations.withdraw import (
    terminate_case,
    transfer_case,
    withdraw_case,
)
from services.cases.plans import plan_case
from services.exchange.models import Exchange
from tests.clock import NOON
from tests.factories.cases import (
    again,
    draft_for,
    filed,
    hold_for,
    open_task,
    person_of,
)

# Food licence change needs the food licence, which HZ-004 yields.
CHANGE, FOOD = "HZ-005", "HZ-004"


def bring_to_decision(case: Case) -> None:
    """Let the named people do what stands before the decision, then decide."""
    for kind in ("confirm", "inspect"):
        for task in case.tasks.filter(kind=kind, closed_at__isnull=True):
            finish_task(
                task=task, passed=True, remark="", actor=person_of(task), now=NOON
            )
    carry_on(now=NOON)
    if again(case).state == Case.State.IN_REVIEW:
        task = open_task(case, "decide")
        approve_case(case=again(case), actor=person_of(task), now=NOON)
        carry_on(now=NOON)


class TestParkedCase:
    @pytest.fixture
    def parked(self, company) -> Case:
        hold_for(company, CHANGE, without={"M004"})
        return filed(company, CHANGE)

    def test_is_told_before_filing_what_to_apply_for_first(self, company):
        hold_for(company, CHANGE, without={"M004"})
        draft = draft_for(company, CHANGE)

        answers = standing([draft.reference])[draft.reference]
        plan = plan_case(draft, answers, now=NOON)

        [lacking] = [r for r in plan.requirements if r.status == "missing"]
        first = [rung.item for rung in lacking.ladder if rung.kind == "apply_first"]
        assert FOOD in first

    def test_waits_for_the_certificate(self, parked):
        assert parked.state == Case.State.PARKED
        assert parked.waits_for == ["M004"]
        assert parked.accept_by is None

    def test_never_takes_an_upload_instead(self, parked):
        materials = set(Upload.objects.values_list("material_code", flat=True))

        assert "M004" not in materials

    def test_goes_on_by_itself_once_the_certificate_exists(self, company, parked):
        hold_for(company, FOOD)
        first = filed(company, FOOD)
        bring_to_decision(first)

        carry_on(now=NOON)

        assert again(first).state == Case.State.DELIVERED
        assert again(parked).state in {Case.State.IN_REVIEW, Case.State.DELIVERED}
        assert again(parked).accepted_at

    def test_stays_parked_when_somebody_else_gets_one(self, parked, other_company):
        hold_for(other_company, FOOD)
        bring_to_decision(filed(other_company, FOOD))

        carry_on(now=NOON)

        assert again(parked).state == Case.State.PARKED


class TestWithdrawCase:
    def test_stops_asking_departments(self, company):
        draft = draft_for(company, FOOD, answered=False)
        case = filed(company, FOOD, answered=False)
        assert case.pk == draft.pk

        withdraw_case(case=case, actor=applicant_of(company), now=NOON)

        states = Exchange.objects.filter(case=case.reference).values_list(
            "state", flat=True
        )
        assert "waiting" not in states
        assert again(case).state == Case.State.WITHDRAWN
        assert not case.tasks.filter(closed_at__isnull=True).exists()


class TestEndedByTheOffice:
    @pytest.mark.parametrize(
        ("end", "item", "kind", "state"),
        [
            (terminate_case, "HZ-095", "decide", Case.State.TERMINATED),
            (transfer_case, "HZ-033", "accept", Case.State.TRANSFERRED),
        ],
    )
    def test_nobody_has_anything_left_to_do(self, company, end, item, kind, state):
        hold_for(company, item)
        case = filed(company, item)

        end(case=case, actor=person_of(open_task(case, kind)), now=NOON)

        assert again(case).state == state
        assert again(case).ended_at == NOON
        assert not case.tasks.filter(closed_at__isnull=True).exists()
