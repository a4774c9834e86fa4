"""Give the demo city cases in every state: waiting, refused, overdue, corrected…"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle

from services.accounts.queries import actor_of
from services.cases.applying import (
    Given,
    applicant_of,
    bring_papers,
    file_filled,
    fill_in,
)
from services.cases.models import Case, Task
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import finish_task
from services.cases.operations.correct import request_correction
from services.cases.operations.decide import approve_case, refuse_case
from services.cases.operations.draft import open_draft
from services.catalogue.models import ItemVersion
from services.common.actors import Actor
from services.departments.city.cast import CAST
from services.departments.eligible import NobodyQualifies, eligible_entity
from services.registry.models import Entity

LONG_AGO = timedelta(days=30)
A_WEEK_AGO = timedelta(days=7)
YESTERDAY = timedelta(days=1)
TO_WORK_OFF = (Task.Kind.CONFIRM, Task.Kind.INSPECT)

Fate = Callable[[Case, datetime], None]


def stage_work(*, cases: int, now: datetime) -> int:
    """File cases of the past weeks and lead each to its fate; return how many."""
    staged = 0
    fates = cycle(FATES)
    for version in _versions_to_stage(cases):
        ago, fate, by_anybody = next(fates)
        entity = _somebody(version) if by_anybody else _eligible(version)
        if entity is not None and entity.uscc not in CAST.values():
            staged += _stage(version, entity, fate, at=now - ago)
    return staged


def _stage(version: ItemVersion, entity: Entity, fate: Fate, *, at: datetime) -> int:
    case = _file(version, entity, at=at)
    carry_on(now=at + timedelta(minutes=1))
    fate(_again(case), at + timedelta(hours=2))
    carry_on(now=at + timedelta(hours=3))
    return 1


def _file(version: ItemVersion, entity: Entity, *, at: datetime) -> Case:
    actor = applicant_of(entity)
    case = open_draft(entity=entity, item_version=version, actor=actor, now=at)
    carry_on(now=at)
    fill_in(case=case, given=Given(), actor=actor, now=at)
    carry_on(now=at)
    bring_papers(case=case, given=Given(), actor=actor, now=at)
    return file_filled(case=case, given=Given(), actor=actor, now=at)


def _leave(case: Case, at: datetime) -> None:
    """Let it wait for whoever must act."""


def _approve(case: Case, at: datetime) -> None:
    reviewer = _work_off(case, at)
    case = _again(case)
    if reviewer and case.state == Case.State.IN_REVIEW:
        approve_case(case=case, actor=reviewer, now=at)


def _refuse(case: Case, at: datetime) -> None:
    reviewer = _work_off(case, at)
    case = _again(case)
    if reviewer and case.state == Case.State.IN_REVIEW:
        refuse_case(
            case=case,
            actor=reviewer,
            reasons="现场布局与申报不符，不符合许可条件。",
            now=at,
        )


def _correct(case: Case, at: datetime) -> None:
    task = case.tasks.filter(kind=Task.Kind.ACCEPT, closed_at__isnull=True).first()
    if task and case.state == Case.State.RECEIVED:
        problem = {
            "pointer": "/fields/agent_phone",
            "text": "经办人手机号无法接通，请核对。",
        }
        request_correction(case=case, problems=[problem], actor=_person(task), now=at)


def _work_off(case: Case, at: datetime) -> Actor | None:
    """Do what stands before a decision; return the reviewer who may decide."""
    for task in case.tasks.filter(kind__in=TO_WORK_OFF, closed_at__isnull=True):
        finish_task(task=task, passed=True, remark="", actor=_person(task), now=at)
    carry_on(now=at)
    decision = case.tasks.filter(kind=Task.Kind.DECIDE, closed_at__isnull=True).first()
    return _person(decision) if decision else None


def _person(task: Task) -> Actor:
    if task.assignee is None:
        raise NobodyQualifies(task.assignee_name)
    return actor_of(task.assignee, role=task.role, office=task.office_id or "")


def _again(case: Case) -> Case:
    return Case.objects.select_related("entity", "item_version", "office").get(
        pk=case.pk
    )


def _versions_to_stage(cases: int) -> list[ItemVersion]:
    current = ItemVersion.objects.filter(valid_until__isnull=True)
    return list(current.order_by("-item__weight", "item__seq")[:cases])


def _eligible(version: ItemVersion) -> Entity | None:
    try:
        return eligible_entity(version)
    except NobodyQualifies:
        return None


def _somebody(version: ItemVersion) -> Entity | None:
    """Return a company that was not chosen for what it holds: it may lack something."""
    active = Entity.objects.filter(status=Entity.Status.ACTIVE).order_by("-pk")
    return active[version.pk % max(1, active.count())]


# When filed, what becomes of it, and whether by a company that may lack something.
FATES: tuple[tuple[timedelta, Fate, bool], ...] = (
    (A_WEEK_AGO, _approve, False),
    (YESTERDAY, _leave, False),
    (A_WEEK_AGO, _refuse, False),
    (LONG_AGO, _leave, False),
    (YESTERDAY, _leave, True),
    (YESTERDAY, _correct, False),
)
