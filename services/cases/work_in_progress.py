"""Give the demo city cases in every state: waiting, refused, overdue, corrected…"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import NamedTuple

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
from services.catalogue.definition import Definition
from services.catalogue.models import ItemVersion
from services.catalogue.queries import definition_of
from services.common.actors import Actor
from services.departments.city.cast import CAST
from services.departments.eligible import NobodyQualifies, eligible_entity
from services.registry.models import Entity

LONG_AGO = timedelta(days=30)
A_WEEK_AGO = timedelta(days=7)
YESTERDAY = timedelta(days=1)
TO_WORK_OFF = (Task.Kind.CONFIRM, Task.Kind.INSPECT)

Follow = Callable[[Case, datetime], None]


class Fate(NamedTuple):
    """What becomes of a case, when it was filed, and of which items it can be."""

    filed_ago: timedelta
    follow: Follow
    fits: Callable[[Definition], bool]
    by_anybody: bool = False  # a company that may lack something


def stage_work(*, cases: int, now: datetime) -> int:
    """File cases of the past weeks and lead each to its fate; return how many."""
    staged = 0
    for version, fate in _pairs(cases):
        entity = _somebody(version) if fate.by_anybody else _eligible(version)
        if entity is not None and entity.uscc not in CAST.values():
            staged += _stage(version, entity, fate.follow, at=now - fate.filed_ago)
    return staged


def _pairs(cases: int) -> Iterator[tuple[ItemVersion, Fate]]:
    """Give each fate, in turn, the next popular item that it can happen to."""
    left = _by_popularity()
    for fate in islice(cycle(FATES), cases):
        version = next((one for one in left if fate.fits(definition_of(one))), None)
        if version is not None:
            left.remove(version)
            yield version, fate


def _stage(
    version: ItemVersion, entity: Entity, follow: Follow, *, at: datetime
) -> int:
    case = _file(version, entity, at=at)
    carry_on(now=at + timedelta(minutes=1))
    follow(_again(case), at + timedelta(hours=2))
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


def _by_popularity() -> list[ItemVersion]:
    current = ItemVersion.objects.filter(valid_until__isnull=True)
    return list(current.order_by("-item__weight", "item__seq"))


def _eligible(version: ItemVersion) -> Entity | None:
    try:
        return eligible_entity(version)
    except NobodyQualifies:
        return None


def _somebody(version: ItemVersion) -> Entity | None:
    """Return a company that was not chosen for what it holds: it may lack something."""
    active = Entity.objects.filter(status=Entity.Status.ACTIVE).order_by("-pk")
    return active[version.pk % max(1, active.count())]


def _by_window(definition: Definition) -> bool:
    """Return whether a reviewer decides what the window has accepted."""
    return not definition.instant and definition.acceptance_mode != "department"


def _by_department(definition: Definition) -> bool:
    return definition.acceptance_mode == "department"


def _any(_definition: Definition) -> bool:
    return True


FATES = (
    Fate(A_WEEK_AGO, _approve, _by_window),
    Fate(A_WEEK_AGO, _refuse, _by_window),
    Fate(LONG_AGO, _leave, _by_window),
    Fate(YESTERDAY, _correct, _by_department),
    Fate(YESTERDAY, _leave, _any),
    Fate(YESTERDAY, _leave, _by_window, by_anybody=True),
)
