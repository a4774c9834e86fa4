"""Every department is down: the hall goes on, and nobody decides on missing data."""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from django.utils import timezone

from services.cases.applying import Given, applicant_of, file_filled
from services.cases.models import Case, Certificate, Decision, Requirement, Task, Upload
from services.cases.operations.accept import accept_case
from services.catalogue.models import Department, Material
from services.common.actors import SYSTEM
from services.departments.models import Profile
from services.departments.operations.switch import switch
from services.exchange.models import Exchange
from tests.factories.cases import (
    REPRESENTATIVE_ID,
    draft_for,
    hold_for,
    open_task,
    person_of,
)
from tests.factories.registry import EntityFactory
from tests.journeys.steps import how_it_stands, wait_until

pytestmark = [pytest.mark.journey]

CASES = 100
BY_DEPARTMENT = "HZ-033"
# Instant on commitment, inspected, decided by a reviewer, changed at once, and one
# that the department itself accepts.
KINDS = (
    ("HZ-004", Given(answers={"commitment": ["yes"]})),
    ("HZ-004", Given()),
    ("HZ-095", Given()),
    ("HZ-005", Given()),
    (BY_DEPARTMENT, Given()),
)


def test_a_hundred_cases_outlive_an_outage_of_every_department(hall):
    switch_all(Profile.Mode.DOWN)
    cases = [file_one(item, given) for item, given in islice(cycle(KINDS), CASES)]
    accept_what_departments_accept(cases)
    wait_until_every_department_was_tried()

    check_accepted(cases)
    check_nobody_decided()
    check_nobody_was_asked_for_papers()

    switch_all(Profile.Mode.UP)
    wait_until(
        lambda: not stuck(cases),
        within_s=150,
        telling=lambda: "; ".join(map(how_it_stands, stuck(cases)[:5])),
    )
    assert Decision.objects.filter(automatic=True).count() == 2 * CASES // len(KINDS)
    assert not Requirement.objects.exclude(state="satisfied").exists()
    check_nobody_was_asked_for_papers()


def switch_all(mode: str) -> None:
    for code in Department.objects.values_list("code", flat=True):
        switch(department=code, mode=mode, actor=SYSTEM, now=timezone.now())


def file_one(item: str, given: Given) -> Case:
    """File for a company that departments hold everything for, if only they spoke."""
    entity = EntityFactory(representative_id=REPRESENTATIVE_ID, registered_capital=5000)
    hold_for(entity, item)
    now = timezone.now()
    draft = draft_for(entity, item, given=given, now=now, answered=False)
    case = file_filled(case=draft, given=given, actor=applicant_of(entity), now=now)
    assert case.number
    return case


def accept_what_departments_accept(cases: list[Case]) -> None:
    waiting = [case for case in cases if case.state == Case.State.RECEIVED]
    assert len(waiting) == CASES // len(KINDS)
    for case in waiting:
        person = person_of(open_task(case, Task.Kind.ACCEPT))
        accept_case(case=case, actor=person, now=timezone.now())


def wait_until_every_department_was_tried() -> None:
    """Not every question is put: a line that failed again and again is left alone."""
    asked = Exchange.objects.filter(attempts_made__gt=0).values("department")
    untried = Exchange.objects.open().exclude(department__in=asked)
    wait_until(
        lambda: not untried.exists(),
        within_s=60,
        telling=lambda: f"{untried.count()} questions to departments never tried",
    )


def check_accepted(cases: list[Case]) -> None:
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    assert set(rows.values_list("state", flat=True)) == {Case.State.IN_REVIEW}
    assert not rows.filter(promised_on__isnull=True).exists()


def check_nobody_decided() -> None:
    assert not Decision.objects.exists()
    assert not Certificate.objects.exists()
    assert not Exchange.objects.filter(state=Exchange.State.SETTLED).exists()
    assert not Task.objects.filter(kind=Task.Kind.DECIDE).exists()


def check_nobody_was_asked_for_papers() -> None:
    rows = Material.objects.filter(kind=Material.Kind.GOVERNMENT_ISSUED)
    government = list(rows.values_list("code", flat=True))
    assert not Task.objects.filter(kind=Task.Kind.CORRECT).exists()
    assert not Upload.objects.filter(material_code__in=government).exists()
    assert not Requirement.objects.filter(state=Requirement.State.MISSING).exists()


def stuck(cases: list[Case]) -> list[Case]:
    """Return the cases that neither ended nor wait for somebody who is named."""
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    before = {Task.Kind.CONFIRM, Task.Kind.INSPECT, Task.Kind.DECIDE}
    waits = Task.objects.filter(kind__in=before, closed_at__isnull=True)
    silent = Exchange.objects.filter(state=Exchange.State.WAITING)
    named = waits.exclude(assignee=None).values("case")
    return list(
        rows.exclude(state=Case.State.DELIVERED).exclude(pk__in=named)
        | rows.filter(reference__in=silent.values("case"))
    )
