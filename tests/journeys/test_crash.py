"""Processes die in the middle: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from django.utils import timezone

from onelicense.stack import Stack
from services.cases.applying import Given, applicant_of, file_filled
from services.cases.models import Case, Certificate
from services.common.actors import SYSTEM
from services.departments.models import Profile, Record
from services.departments.operations.switch import switch
from services.exchange.models import Attempt, DepositOrder, Exchange
from services.ledger.models import LogEntry
from tests.factories.cases import (
    REPRESENTATIVE_ID,
    draft_for,
    hold_for,
)
from tests.factories.departments import ProfileFactory
from tests.factories.registry import EntityFactory
from tests.journeys.steps import how_it_stands, wait_for_states, wait_until

pytestmark = [pytest.mark.journey]

CASES = 6
FOOD, LICENCE = "HZ-004", "M004"
ON_COMMITMENT = Given(answers={"commitment": ["yes"]})
ISSUES, SLOW = "scjg", "wsjk"
ONCE = (
    *("case.filed", "case.accepted", "case.decided"),
    *("certificate.issued", "certificate.deposited", "case.delivered"),
)
# A dead worker's lease runs for half a minute before somebody else takes over.
LEASE_S = 60
QUICK_S = 10


def file_one() -> Case:
    entity = EntityFactory(representative_id=REPRESENTATIVE_ID, registered_capital=5000)
    hold_for(entity, FOOD)
    now = timezone.now()
    actor = applicant_of(entity)
    draft = draft_for(entity, FOOD, given=ON_COMMITMENT, now=now, answered=False)
    return file_filled(case=draft, given=ON_COMMITMENT, actor=actor, now=now)


def test_a_worker_killed_twice_in_the_middle_does_everything_once(hall: Stack):
    hall.kill_worker()
    cases = [file_one() for _ in range(CASES)]

    kill_while_a_department_is_asked(hall, cases)
    kill_between_decision_and_deposit(hall, cases)
    hall.start_worker()

    wait_for_states(cases, [Case.State.DELIVERED], within_s=LEASE_S)
    check_each_effect_once(cases)
    check_attempts_are_counted(cases)


def kill_while_a_department_is_asked(hall: Stack, cases: list[Case]) -> None:
    ProfileFactory(department=SLOW, latency_ms=20_000)
    hall.environment["ONELICENSE_TIME_SCALE"] = "1"
    hall.start_worker()
    asked = Exchange.objects.filter(case__in=[case.reference for case in cases])
    others = asked.exclude(department=SLOW).filter(settled_at__isnull=True)
    being_asked = asked.filter(department=SLOW).exclude(lease_owner="")
    wait_until(
        lambda: being_asked.exists() and not others.exists(),
        within_s=30,
        telling=lambda: "; ".join(map(how_it_stands, cases)),
    )
    hall.kill_worker()
    assert not Certificate.objects.exists()


def kill_between_decision_and_deposit(hall: Stack, cases: list[Case]) -> None:
    Profile.objects.filter(department=SLOW).update(latency_ms=0)
    switch(department=ISSUES, mode=Profile.Mode.DOWN, actor=SYSTEM, now=timezone.now())
    hall.start_worker()
    wait_for_states(cases, [Case.State.CERTIFIED], within_s=LEASE_S)
    hall.kill_worker()
    assert not DepositOrder.objects.filter(kept_at__isnull=False).exists()
    switch(department=ISSUES, mode=Profile.Mode.UP, actor=SYSTEM, now=timezone.now())


def check_each_effect_once(cases: list[Case]) -> None:
    certificates = set(Certificate.objects.values_list("number", flat=True))
    kept = Record.objects.filter(material=LICENCE, deposited_at__isnull=False)
    assert len(certificates) == len(cases)
    assert set(kept.values_list("number", flat=True)) == certificates
    assert DepositOrder.objects.filter(kept_at__isnull=False).count() == len(cases)
    for case in cases:
        logged = Counter(
            LogEntry.objects.filter(case=case.reference).values_list("type", flat=True)
        )
        assert {event: logged[event] for event in ONCE} == dict.fromkeys(ONCE, 1)


def check_attempts_are_counted(cases: list[Case]) -> None:
    rows = Attempt.objects.values_list("exchange_id", "number")
    numbers: dict[int, list[int]] = {}
    for exchange, number in rows.order_by("exchange_id", "number"):
        numbers.setdefault(exchange, []).append(number)
    assert numbers
    for made in numbers.values():
        assert made == list(range(1, len(made) + 1))
    for exchange in Exchange.objects.filter(pk__in=numbers):
        assert exchange.attempts_made == len(numbers[exchange.pk])


def test_filing_needs_no_broker_and_work_goes_on_when_it_is_back(hall: Stack):
    hall.children["broker"].kill()
    begun = time.monotonic()

    cases = [file_one(), file_one()]

    assert time.monotonic() - begun < QUICK_S
    assert {case.state for case in cases} == {Case.State.IN_REVIEW}
    hall.start_broker()
    # Celery reconnects, or dies on the way, and the supervisor starts it again.
    wait_until(
        lambda: not hall.restart_dead() and all_delivered(cases),
        within_s=LEASE_S,
        telling=lambda: "; ".join(map(how_it_stands, cases)),
    )
    check_each_effect_once(cases)


def all_delivered(cases: list[Case]) -> bool:
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    return not rows.exclude(state=Case.State.DELIVERED).exists()
