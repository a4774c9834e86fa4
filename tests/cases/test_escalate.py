"""What is late goes to the head clerk, once for each stage."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from services.accounts.models import Membership, Role, User
from services.accounts.queries import actor_of
from services.cases.models import Case, Task
from services.cases.operations.confirm import finish_task, start_special_procedure
from services.cases.operations.decide import refuse_case
from services.cases.operations.escalate import escalate
from services.cases.operations.sweep import sweep
from services.cases.queries.lists import open_tasks
from services.ledger.queries import entries_of_case
from tests.clock import SHANGHAI
from tests.factories.cases import again, filed, hold_for, open_task, person_of

BY_REVIEWER = "HZ-095"  # accepted at once, decided by a person


@pytest.fixture
def late(company) -> Case:
    hold_for(company, BY_REVIEWER)
    case = filed(company, BY_REVIEWER)
    assert case.promised_on < case.statutory_on
    return case


def midnight(day: date) -> datetime:
    """Return the moment at which a day has passed."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)


def overdue_entries(case: Case) -> list[dict[str, object]]:
    lines = entries_of_case(case.reference)
    return [dict(line.details) for line in lines if line.type == "clock.overdue"]


def test_nothing_happens_on_the_last_day(late):
    escalate(now=midnight(late.promised_on) - timedelta(seconds=1))

    assert not late.tasks.filter(kind=Task.Kind.SUPERVISE).exists()
    assert overdue_entries(late) == []


def test_each_stage_is_told_once_with_the_day_that_passed(late):
    for now in (midnight(late.promised_on), midnight(late.statutory_on)):
        sweep(now=now)
        sweep(now=now + timedelta(days=1))

    stages = late.tasks.filter(kind=Task.Kind.SUPERVISE).order_by("pk")
    assert list(stages.values_list("about", "due_on")) == [
        ("promised_on", late.promised_on),
        ("statutory_on", late.statutory_on),
    ]
    assert overdue_entries(late) == [
        {"stage": "promised_on", "due": str(late.promised_on)},
        {"stage": "statutory_on", "due": str(late.statutory_on)},
    ]


def test_the_hall_s_head_has_it_in_the_inbox(late):
    escalate(now=midnight(late.promised_on))

    task = open_task(late, Task.Kind.SUPERVISE)
    head = User.objects.get(username="head-1")
    assert task.assignee == head
    assert task in open_tasks(actor_of(head, role=Role.HEAD_CLERK))


def test_an_office_s_own_head_comes_before_the_hall_s(late):
    own = User.objects.create(username="own-head", display_name="钱主任")
    Membership.objects.create(user=own, role=Role.HEAD_CLERK, office=late.office)

    escalate(now=midnight(late.promised_on))

    assert open_task(late, Task.Kind.SUPERVISE).assignee == own


def test_a_closed_task_is_not_opened_again(late):
    now = midnight(late.promised_on)
    escalate(now=now)
    late.tasks.filter(kind=Task.Kind.SUPERVISE).update(closed_at=now, closed_by="head")

    assert escalate(now=now + timedelta(days=1)) == 0


def test_a_clock_that_jumped_there_and_back_changes_nothing(late):
    escalate(now=midnight(late.promised_on) + timedelta(days=1))
    before = overdue_entries(late)

    escalate(now=midnight(late.promised_on) - timedelta(days=2))
    escalate(now=midnight(late.promised_on))

    assert overdue_entries(late) == before
    assert len(before) == 1


def test_what_is_decided_or_paused_is_not_late(late, company):
    start_special_procedure(
        case=late,
        ground="hearing",
        actor=person_of(open_task(late, Task.Kind.DECIDE)),
        now=midnight(late.promised_on) - timedelta(days=1),
    )
    assert escalate(now=midnight(late.statutory_on)) == 0


def test_a_decision_ends_the_supervision(late):
    now = midnight(late.promised_on)
    escalate(now=now)

    refuse_case(
        case=again(late),
        reasons="不符合条件",
        actor=person_of(open_task(late, Task.Kind.DECIDE)),
        now=now,
    )

    assert not late.tasks.filter(closed_at__isnull=True).exists()
    assert escalate(now=midnight(late.statutory_on)) == 0


def test_the_head_says_what_was_seen_to(late):
    now = midnight(late.promised_on)
    escalate(now=now)
    task = open_task(late, Task.Kind.SUPERVISE)

    finish_task(task=task, passed=True, remark="已催办", actor=person_of(task), now=now)

    task.refresh_from_db()
    assert (task.closed_at, task.remark) == (now, "已催办")
    assert entries_of_case(late.reference)[-1].type == "clock.supervised"
    assert escalate(now=now) == 0
