"""Every department is down for days: a hundred cases outlive it by themselves."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import cycle, islice

import pytest

from services.accounts.operations.seed_staff import seed_staff
from services.cases.applying import Given, applicant_of, file_filled
from services.cases.models import Case, Decision, Requirement, Task, Upload
from services.cases.operations.accept import accept_case
from services.cases.operations.carry_on import carry_on
from services.cases.operations.escalate import STAGES
from services.cases.operations.sweep import sweep
from services.catalogue.models import Department, Material
from services.departments.models import Profile
from services.exchange.models import AssistRequest, Exchange
from tests.clock import NOON
from tests.factories.cases import (
    REPRESENTATIVE_ID,
    draft_for,
    hold_for,
    open_task,
    person_of,
)
from tests.factories.departments import ProfileFactory
from tests.factories.registry import EntityFactory

CASES = 100
# Instant on commitment, inspected, decided by a reviewer, changed at once, and one
# that the department itself accepts.
KINDS = (
    ("HZ-004", Given(answers={"commitment": ["yes"]})),
    ("HZ-004", Given()),
    ("HZ-095", Given()),
    ("HZ-005", Given()),
    ("HZ-033", Given()),
)
BEFORE_DECISION = {Task.Kind.CONFIRM, Task.Kind.INSPECT, Task.Kind.DECIDE}


@pytest.fixture
def hundred(catalogue) -> list[Case]:
    """Have a hundred cases of a hundred companies, filed while nobody answers."""
    seed_staff(seed=1, now=NOON)
    for code in Department.objects.values_list("code", flat=True):
        ProfileFactory(department=code, mode=Profile.Mode.DOWN)
    return [file_one(item, given) for item, given in islice(cycle(KINDS), CASES)]


def file_one(item: str, given: Given) -> Case:
    entity = EntityFactory(representative_id=REPRESENTATIVE_ID, registered_capital=5000)
    hold_for(entity, item)
    draft = draft_for(entity, item, given=given, answered=False)
    case = file_filled(case=draft, given=given, actor=applicant_of(entity), now=NOON)
    if case.state == Case.State.RECEIVED:
        person = person_of(open_task(case, Task.Kind.ACCEPT))
        case = accept_case(case=case, actor=person, now=NOON)
    return case


def let_pass(now: datetime, **time: float) -> datetime:
    now += timedelta(**time)
    sweep(now=now)
    carry_on(now=now)
    return now


def test_a_hundred_cases_outlive_days_without_any_department(hundred):
    due = dict(Case.objects.values_list("pk", "promised_on"))
    last = max(Case.objects.values_list("statutory_on", flat=True))
    now = let_pass(NOON, minutes=1)
    now = let_pass(now, hours=5)
    assert set(AssistRequest.objects.values_list("exchange", flat=True)) == set(
        Exchange.objects.values_list("pk", flat=True)
    )
    now = let_pass(now, days=(last - NOON.date()).days + 1)
    now = let_pass(now, hours=1)

    check_nobody_decided(hundred)
    check_each_is_escalated_once(hundred)
    check_nothing_was_asked_of_applicants()
    assert dict(Case.objects.values_list("pk", "promised_on")) == due

    Profile.objects.update(mode=Profile.Mode.UP)
    let_pass(now, minutes=15)

    assert stuck(hundred) == []
    assert Decision.objects.filter(automatic=True).count() == 2 * CASES // len(KINDS)
    assert not Requirement.objects.exclude(state="satisfied").exists()
    check_nothing_was_asked_of_applicants()


def check_nobody_decided(cases: list[Case]) -> None:
    states = Case.objects.filter(pk__in=[case.pk for case in cases])
    assert set(states.values_list("state", flat=True)) == {Case.State.IN_REVIEW}
    assert not Decision.objects.exists()
    assert not Exchange.objects.filter(state=Exchange.State.SETTLED).exists()


def check_each_is_escalated_once(cases: list[Case]) -> None:
    told = Task.objects.filter(kind=Task.Kind.SUPERVISE)
    stages = Counter(told.values_list("case", "about"))
    assert set(stages.values()) == {1}
    both = {(case.pk, stage) for case in cases for stage in STAGES}
    assert set(stages) == both


def check_nothing_was_asked_of_applicants() -> None:
    rows = Material.objects.filter(kind=Material.Kind.GOVERNMENT_ISSUED)
    assert not Task.objects.filter(kind=Task.Kind.CORRECT).exists()
    assert not Upload.objects.filter(material_code__in=rows.values("code")).exists()
    assert not Requirement.objects.filter(state=Requirement.State.MISSING).exists()


def stuck(cases: list[Case]) -> list[Case]:
    """Return the cases that neither ended nor wait for somebody who is named."""
    named = Task.objects.filter(
        kind__in=BEFORE_DECISION, closed_at__isnull=True, assignee__isnull=False
    )
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    left = rows.exclude(state=Case.State.DELIVERED).exclude(pk__in=named.values("case"))
    return list(left)
