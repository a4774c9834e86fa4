"""A paper that follows: due by a day, taken in late, called when it does not come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.applying import applicant_of
from services.cases.demo_paper import demo_paper
from services.cases.models import Case, Requirement, Task
from services.cases.operations.sweep import sweep
from services.cases.operations.upload import add_upload
from services.cases.transitions import TransitionRefused
from services.ledger.queries import entries_of_case
from tests.clock import NOON
from tests.factories.cases import open_task, with_a_paper_to_follow

KEY_UNIT, APPOINTMENT = "HZ-230", "M106"  # instant; its appointment paper may follow


@pytest.fixture
def delivered(company) -> Case:
    return with_a_paper_to_follow(company, KEY_UNIT, APPOINTMENT)


def bring(case: Case, material: str) -> None:
    add_upload(
        case=case,
        material=material,
        file_name="later.pdf",
        content=demo_paper(material),
        actor=applicant_of(case.entity),
        now=NOON,
    )


def test_the_applicant_has_a_task_that_outlives_the_decision(delivered):
    assert delivered.state == Case.State.DELIVERED
    task = open_task(delivered, Task.Kind.SUPPLY)
    assert task.role == "applicant"
    assert task.due_on


def test_the_paper_takes_the_place_of_its_promise(delivered):
    bring(delivered, APPOINTMENT)

    row = delivered.requirements.get(satisfied_by=APPOINTMENT)
    assert row.means == Requirement.Means.UPLOAD
    assert row.due_on is None
    assert not delivered.tasks.filter(closed_at__isnull=True).exists()


def test_no_other_paper_is_taken_after_the_decision(delivered):
    bring(delivered, APPOINTMENT)

    with pytest.raises(TransitionRefused):
        add_upload(
            case=delivered,
            material=APPOINTMENT,
            file_name="again.pdf",
            content=demo_paper("another"),
            actor=applicant_of(delivered.entity),
            now=NOON,
        )


def test_a_reviewer_is_told_when_it_did_not_come(delivered):
    due_on = open_task(delivered, Task.Kind.SUPPLY).due_on
    last_day = NOON + (due_on - NOON.date())
    sweep(now=last_day)
    assert not delivered.tasks.filter(kind=Task.Kind.SAMPLE).exists()

    sweep(now=last_day + timedelta(days=1))
    sweep(now=last_day + timedelta(days=2))

    assert open_task(delivered, Task.Kind.SAMPLE).assignee_name
    types = [line.type for line in entries_of_case(delivered.reference)]
    assert types.count("commitment.breached") == 1
