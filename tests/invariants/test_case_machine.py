"""
Whatever happens in whatever order, the rules that never bend hold (domain.md §2).

A random walk over companies, items, departments that die and come back, people who act
twice, and messages that are delivered twice.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from services.cases.applying import applicant_of
from services.cases.models import (
    Case,
    Certificate,
    Decision,
    Requirement,
    Task,
    Upload,
)
from services.cases.operations.advance import advance
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import finish_task
from services.cases.operations.decide import approve_case, refuse_case
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.cases.operations.sweep import sweep
from services.cases.operations.withdraw import withdraw_case
from services.cases.transitions import DECIDED
from services.catalogue.models import Material
from services.common.actors import SYSTEM, Actor
from services.common.errors import DomainError
from services.departments.models import Profile, Record
from services.departments.operations.switch import switch
from services.exchange.models import Exchange
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.cases import again, draft_for, hold_for, person_of
from tests.factories.registry import EntityFactory

# Instant on commitment, inspected, decided by a reviewer, accepted by the department,
# and one that needs what the first yields.
ITEMS = ("HZ-004", "HZ-009", "HZ-095", "HZ-033", "HZ-005")
DEPARTMENTS = ("scjg", "wsjk", "ga", "zbfg", "ghzy")
MODES = [mode for mode in Profile.Mode if mode != "deferred"]
KINDS = st.sampled_from(["confirm", "inspect", "decide", "accept"])


class CaseMachine(RuleBasedStateMachine):
    """A hall at work."""

    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        for alias in ("default", "departments"):
            self.undo.enter_context(transaction.atomic(using=alias))
        self.now: datetime = NOON
        self.acknowledged: dict[str, str] = {}
        self.forbidden = set(
            Material.objects.filter(kind="government_issued").values_list(
                "code", flat=True
            )
        )

    def teardown(self) -> None:
        for alias in ("default", "departments"):
            transaction.set_rollback(True, using=alias)
        self.undo.close()

    @rule(target=cases, item=st.sampled_from(ITEMS), holds=st.booleans())
    def file(self, item: str, holds: bool):
        """Filing goes on whatever departments do (rule 5)."""
        entity = EntityFactory()
        if holds:
            hold_for(entity, item)
        draft = draft_for(entity, item, now=self.now, answered=False)
        case = file_case(
            case=draft, filing=Filing(), actor=applicant_of(entity), now=self.now
        )
        assert case.number
        self.acknowledged[case.number] = case.reference
        return multiple(case.pk)

    @rule(case=cases)
    def file_again(self, case: int) -> None:
        known = Case.objects.select_related("entity", "item_version").get(pk=case)
        actor = applicant_of(known.entity)
        same = file_case(case=known, filing=Filing(), actor=actor, now=self.now)
        assert same.number == known.number

    @rule(department=st.sampled_from(DEPARTMENTS), mode=st.sampled_from(MODES))
    def change_department(self, department: str, mode: str) -> None:
        switch(department=department, mode=mode, actor=SYSTEM, now=self.now)

    @rule(minutes=st.sampled_from([1, 30, 60 * 5, 60 * 24 * 3]))
    def let_time_pass(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        sweep(now=self.now)
        carry_on(now=self.now)

    @rule(hours=st.sampled_from([1, 24, -1, -24]))
    def let_the_clock_jump(self, hours: int) -> None:
        """A clock is put forward or back, things are done by it, and it is mended."""
        wrong = self.now + timedelta(hours=hours)
        sweep(now=wrong)
        carry_on(now=wrong)

    @rule(case=cases)
    def deliver_a_message_twice(self, case: int) -> None:
        reference = Case.objects.get(pk=case).reference
        advance(references=[reference], now=self.now)
        advance(references=[reference], now=self.now)

    @rule(case=cases, kind=KINDS, passed=st.booleans())
    def act(self, case: int, kind: str, passed: bool) -> None:
        """The named person acts, perhaps too early or too late."""
        known = again(Case.objects.get(pk=case))
        task = known.tasks.filter(kind=kind, closed_at__isnull=True).first()
        if task is None or task.assignee is None:
            return
        person = person_of(task)
        try:
            if kind in {"confirm", "inspect"}:
                finish_task(
                    task=task, passed=passed, remark="", actor=person, now=self.now
                )
            elif kind == "decide" and passed:
                approve_case(case=known, actor=person, now=self.now)
            elif kind == "decide":
                refuse_case(case=known, reasons="不符", actor=person, now=self.now)
        except DomainError:
            return

    @rule(case=cases, approve=st.booleans())
    def close_impatiently(self, case: int, approve: bool) -> None:
        """A reviewer of the office tries to close whatever is open."""
        known = again(Case.objects.get(pk=case))
        officer = Actor("human", "hasty", "reviewer", "急", known.office_id or "")
        try:
            if approve:
                approve_case(case=known, actor=officer, now=self.now)
            else:
                refuse_case(case=known, reasons="快", actor=officer, now=self.now)
        except DomainError:
            return

    @rule(case=cases)
    def withdraw(self, case: int) -> None:
        known = again(Case.objects.get(pk=case))
        try:
            withdraw_case(case=known, actor=applicant_of(known.entity), now=self.now)
        except DomainError:
            return

    @invariant()
    def nothing_government_issued_is_stored(self) -> None:
        """Rule 1."""
        assert not Upload.objects.filter(material_code__in=self.forbidden).exists()
        for row in Requirement.objects.only("members"):
            ways = {m["material"] for m in row.members if m["how"] == "upload"}
            assert not ways & self.forbidden

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        """Rule 2."""
        numbers = dict(
            Case.objects.filter(number__isnull=False).values_list("number", "reference")
        )
        assert numbers == self.acknowledged

    @invariant()
    def every_effect_happens_once(self) -> None:
        """Rule 3: the database holds one of each; departments keep each number once."""
        numbers = [c.number for c in Certificate.objects.all()]
        for number in numbers:
            kept = Record.objects.filter(number=number, subject_kind="entity")
            assert kept.count() <= 1

    @invariant()
    def every_exchange_is_in_the_log(self) -> None:
        """Rule 4."""
        asked = set(Exchange.objects.values_list("public_id", flat=True))
        begun = set(
            LogEntry.objects.filter(
                type__in=["exchange.intended", "exchange.reused"]
            ).values_list("exchange", flat=True)
        )
        assert asked == begun
        settled = set(
            Exchange.objects.filter(state="settled", reused=False).values_list(
                "public_id", flat=True
            )
        )
        ended = set(
            LogEntry.objects.filter(type="exchange.answered").values_list(
                "exchange", flat=True
            )
        )
        assert settled <= ended

    @invariant()
    def nobody_closes_on_missing_data(self) -> None:
        """Rule 5."""
        approved = Case.objects.filter(state__in=DECIDED - {"refused"})
        open_rows = Requirement.objects.filter(case__in=approved).exclude(
            state="satisfied"
        )
        assert not open_rows.exists()
        refused = Case.objects.filter(state="refused", requirements__state="unsettled")
        assert not refused.exists()
        assert Decision.objects.filter(kind="approved").count() == approved.count()

    @invariant()
    def nobody_is_approved_on_stale_evidence(self) -> None:
        stale = Requirement.objects.filter(
            case__decision__kind="approved",
            evidence__fresh_until__lte=F("case__decided_at"),
        )
        assert not stale.exists()

    @invariant()
    def what_is_late_is_told_once_by_the_day_that_passed(self) -> None:
        told = Task.objects.filter(kind="supervise").select_related("case")
        stages = [(task.case_id, task.about) for task in told]
        assert len(set(stages)) == len(stages)
        assert all(task.due_on == getattr(task.case, task.about) for task in told)
        assert LogEntry.objects.filter(type="clock.overdue").count() == len(stages)


def test_the_rules_hold_whatever_happens(hall):
    profile = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(
            profile,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
