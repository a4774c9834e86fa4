"""What time alone brings about."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from services.cases.applying import applicant_of
from services.cases.clock import promised_on
from services.cases.models import Case, CaseNumber
from services.cases.operations.correct import answer_correction, request_correction
from services.cases.operations.filing import Filing
from services.cases.operations.number import (
    NumberVoid,
    mark_used,
    reserve_number,
    reserve_numbers,
    void_unused_numbers,
)
from services.cases.operations.sweep import sweep
from services.cases.plans import plan_case
from services.cases.working_calendar import working_calendar
from services.ledger.models import LogEntry
from tests.clock import NOON, SHANGHAI
from tests.factories.cases import again, filed, hold_for, open_task, person_of

BY_DEPARTMENT = "HZ-033"


class TestDeemedAcceptance:
    @pytest.fixture
    def received(self, company) -> Case:
        hold_for(company, BY_DEPARTMENT)
        return filed(company, BY_DEPARTMENT)

    def test_comes_after_five_working_days(self, received):
        # Filed on Monday the 23rd: the fifth working day is Monday the 30th.
        assert received.accept_by == datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)
        sweep(now=received.accept_by - timedelta(seconds=1))
        assert again(received).state == Case.State.RECEIVED

        sweep(now=received.accept_by + timedelta(seconds=1))

        case = again(received)
        assert case.deemed_accepted
        assert case.accepted_at == case.received_at
        assert not case.tasks.filter(kind="accept", closed_at__isnull=True).exists()

    def test_starts_the_clock_on_the_day_of_receipt(self, received):
        sweep(now=received.accept_by + timedelta(days=10))

        case = again(received)
        assert case.promised_on == promised_on(
            working_calendar(), NOON.date(), case.promised_days
        )

    def test_is_what_the_task_at_the_window_is_due_by(self, received):
        assert open_task(received, "accept").due_on == date(2026, 11, 30)

    def test_counts_from_the_corrected_filing(self, received, company):
        corrected_at = NOON + timedelta(days=3)
        request_correction(
            case=received,
            problems=[{"pointer": "/fields/agent_phone", "text": "打不通"}],
            actor=person_of(open_task(received, "accept")),
            now=NOON,
        )
        answer_correction(
            case=received,
            filing=Filing(fields={"agent_phone": "13800000001"}),
            actor=applicant_of(company),
            now=corrected_at,
        )

        sweep(now=corrected_at + timedelta(days=20))

        assert again(received).accepted_at == corrected_at

    def test_happens_once(self, received):
        late = received.accept_by + timedelta(hours=1)
        sweep(now=late)
        entries = LogEntry.objects.filter(type="case.accepted").count()

        sweep(now=late)

        assert LogEntry.objects.filter(type="case.accepted").count() == entries == 1

    def test_of_one_that_cannot_be_moved_holds_up_no_other(
        self, received, other_company, monkeypatch
    ):
        hold_for(other_company, BY_DEPARTMENT)
        other = filed(other_company, BY_DEPARTMENT)

        def plan(case: Case, *_: object, **named: datetime) -> object:
            if case == received:
                raise LookupError(case)
            return plan_case(case, *_, **named)

        monkeypatch.setattr("services.cases.operations.sweep.plan_case", plan)
        sweep(now=received.accept_by + timedelta(hours=1))

        assert again(received).state == Case.State.RECEIVED
        assert again(other).deemed_accepted


class TestNumbers:
    def test_count_up_within_a_day_and_start_anew(self, catalogue):
        assert reserve_numbers(2, now=NOON) == [
            "330100-20261123-000001",
            "330100-20261123-000002",
        ]
        assert reserve_number(now=NOON) == "330100-20261123-000003"
        tomorrow = NOON + timedelta(days=1)
        assert reserve_number(now=tomorrow) == "330100-20261124-000001"

    def test_belong_to_the_day_in_shanghai(self, catalogue):
        late = datetime(2026, 11, 24, 0, 30, tzinfo=SHANGHAI)

        assert reserve_number(now=late).startswith("330100-20261124")

    def test_are_voided_with_a_reason_when_no_case_came(self, catalogue):
        number = reserve_number(now=NOON)

        assert void_unused_numbers(now=NOON + timedelta(minutes=9)) == 0
        assert void_unused_numbers(now=NOON + timedelta(minutes=11)) == 1

        assert CaseNumber.objects.get(pk=number).void_reason
        assert LogEntry.objects.filter(type="case.voided").count() == 1
        with pytest.raises(NumberVoid):
            mark_used(number, now=NOON)

    def test_in_use_are_never_voided(self, catalogue):
        number = reserve_number(now=NOON)
        mark_used(number, now=NOON)

        void_unused_numbers(now=NOON + timedelta(days=1))

        assert CaseNumber.objects.get(pk=number).voided_at is None
