"""Nobody is approved on evidence that is no longer fresh."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.cases.models import Case, Requirement, Task
from services.cases.operations.advance import advance
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import finish_task
from services.cases.operations.decide import EvidenceStale, approve_case
from services.cases.operations.look import look_at_case
from services.common.actors import Actor
from services.departments.models import Profile, Record
from services.exchange.models import Evidence, Exchange
from tests.clock import NOON
from tests.factories.cases import again, filed, hold_for, open_task, person_of
from tests.factories.departments import ProfileFactory

BY_REVIEWER, INSPECTED = "HZ-095", "HZ-004"
LATER = NOON + timedelta(days=40)  # past every window of freshness


@pytest.fixture
def ready(company) -> Case:
    """Have a case whose evidence is complete and whose reviewer takes his time."""
    hold_for(company, BY_REVIEWER)
    return filed(company, BY_REVIEWER)


def reviewer_of(case: Case) -> Actor:
    return person_of(open_task(case, Task.Kind.DECIDE))


def states(case: Case) -> set[str]:
    return set(case.requirements.values_list("state", flat=True))


def approve(case: Case, *, now: datetime) -> Case:
    return approve_case(case=case, actor=reviewer_of(case), now=now)


def revoke_all() -> None:
    Record.objects.update(status=Record.Status.REVOKED)


def test_a_reviewer_is_refused_and_the_departments_are_asked_again(ready):
    with pytest.raises(EvidenceStale):
        approve(ready, now=LATER)
    assert again(ready).state == Case.State.IN_REVIEW

    carry_on(now=LATER)

    assert not Evidence.objects.filter(
        requirement__case=ready, fresh_until__lte=LATER
    ).exists()
    assert approve(again(ready), now=LATER).decided_at == LATER


def test_a_reviewer_who_looks_finds_it_renewed(ready):
    look_at_case(case=ready, actor=reviewer_of(ready), now=LATER)
    carry_on(now=LATER)

    assert approve(again(ready), now=LATER).decided_at == LATER


def test_a_look_renews_nothing_that_is_fresh(ready):
    asked = Exchange.objects.count()

    look_at_case(case=ready, actor=reviewer_of(ready), now=NOON)
    carry_on(now=NOON)

    assert Exchange.objects.count() == asked


def test_what_was_revoked_after_it_was_fetched_is_noticed(ready):
    revoke_all()

    with pytest.raises(EvidenceStale):
        approve(ready, now=LATER)
    carry_on(now=LATER)

    assert Requirement.State.MISSING in states(ready)
    assert Exchange.objects.filter(case=ready.reference, code="REVOKED").exists()


def test_the_system_waits_for_the_fresh_answer_too(company):
    hold_for(company, INSPECTED)
    case = filed(company, INSPECTED)
    departments = set(Exchange.objects.values_list("department", flat=True))
    for department in departments:
        ProfileFactory(department=department, mode=Profile.Mode.DOWN)
    task = open_task(case, Task.Kind.INSPECT)
    finish_task(task=task, passed=True, remark="", actor=person_of(task), now=LATER)

    carry_on(now=LATER)

    assert Requirement.State.UNSETTLED in states(case)
    assert not hasattr(again(case), "decision")

    Profile.objects.update(mode=Profile.Mode.UP)
    carry_on(now=LATER + timedelta(hours=5))

    assert states(case) == {Requirement.State.SATISFIED}


def test_asking_again_is_done_once(ready):
    revoke_all()
    ProfileFactory(department="scjg", mode=Profile.Mode.DOWN)
    for _ in range(3):
        advance(references=[ready.reference], now=LATER)

    waiting = Exchange.objects.filter(case=ready.reference, state="waiting")
    assert waiting.count() == waiting.values("material", "subject").distinct().count()
    assert waiting.exists()
