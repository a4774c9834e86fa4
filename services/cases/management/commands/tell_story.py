"""Show the product in two cases: one decided on the spot, one by a reviewer."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console

from services.accounts.models import User
from services.accounts.queries import actor_of
from services.cases.applying import (
    Given,
    applicant_of,
    bring_papers,
    file_filled,
    fill_in,
)
from services.cases.models import Case, Task
from services.cases.operations.confirm import finish_task
from services.cases.operations.decide import approve_case
from services.cases.operations.draft import open_draft
from services.cases.queries.summary import CaseSummary
from services.cases.terminal.follow import (
    Follower,
    departments_answered,
    nothing_moves,
)
from services.catalogue.queries import current_version
from services.common.actors import SYSTEM
from services.departments.city.cast import CAST
from services.departments.eligible import eligible_entities
from services.departments.models import Profile
from services.departments.operations.switch import switch
from services.ledger.queries import integrity
from services.registry.models import Entity
from services.registry.queries import find_entity

FOOD = "HZ-004"
DIES = "wsjk"  # holds the health certificates that the food licence verifies
DOWN_FOR_S = 6.0
ASK_S = 3.0
SEQUENCED_WITHIN_S = 60.0
ON_COMMITMENT = Given(answers={"commitment": ["yes"]})


class Command(BaseCommand):
    """File two cases live, let a department die and come back, check the log."""

    help = "used by `make demo`: needs a worker, a beat and a sequencer running"

    def handle(self, *_args: Any, **_options: Any) -> None:
        show = Follower(Console())
        first = self._instant_case(show)
        second = self._reviewed_case(show)
        show.console.rule(_("三、逐条复算核验日志"))
        _wait_for_sequencer()
        call_command("fsck_log")
        delivered = {first.case.state, second.case.state} == {Case.State.DELIVERED}
        if not delivered:
            sys.stderr.write(_("办件没有办结，请查看 var/log。") + "\n")
            sys.exit(1)

    def _instant_case(self, show: Follower) -> CaseSummary:
        show.console.rule(_("一、只凭执照号码：告知承诺，当场发证"))
        switch(
            department=DIES, mode=Profile.Mode.DOWN, actor=SYSTEM, now=timezone.now()
        )
        show.console.print(
            _("市卫生健康委的系统刚刚中断，照样可以申请。"), style="yellow"
        )
        back = threading.Timer(DOWN_FOR_S, _bring_back, args=(show,))
        back.start()
        try:
            return _apply(_newcomer("leased_restaurant"), ON_COMMITMENT, show)
        finally:
            back.join()

    def _reviewed_case(self, show: Follower) -> CaseSummary:
        show.console.rule(_("二、承诺件：由审批人员决定"))
        told = _apply(_newcomer("own_restaurant"), Given(), show)
        for task in told.tasks:
            _work_off(task, show)
        case = Case.objects.get(pk=told.case.pk)
        if case.state == Case.State.IN_REVIEW:
            _decide(case, show)
        return show.follow(case, until=_ended, at_most_s=60)


def _newcomer(role: str) -> Entity:
    """
    Return the company of this role, or another that nobody was asked about yet.

    Answers about a company that filed before are still fresh: no outage would show.
    """
    member = find_entity(CAST[role])
    if not member.cases.filter(number__isnull=False).exists():
        return member
    others = eligible_entities(current_version(FOOD)).filter(cases__isnull=True)
    others = others.exclude(uscc__in=CAST.values())
    alike = others.filter(industry=member.industry)
    return alike.first() or others.first() or member


def _apply(entity: Entity, given: Given, show: Follower) -> CaseSummary:
    actor = applicant_of(entity)
    show.console.print(f"{entity.uscc}  {entity.legal_name}", style="bold")
    case = open_draft(
        entity=entity,
        item_version=current_version(FOOD),
        actor=actor,
        now=timezone.now(),
    )
    show.follow(case, until=departments_answered, at_most_s=ASK_S)
    fill_in(case=case, given=given, actor=actor, now=timezone.now())
    show.follow(case, until=departments_answered, at_most_s=ASK_S)
    bring_papers(case=case, given=given, actor=actor, now=timezone.now())
    case = file_filled(case=case, given=given, actor=actor, now=timezone.now())
    return show.follow(case, until=nothing_moves, at_most_s=90)


def _work_off(task: Task, show: Follower) -> None:
    """Let the named person do an inspection or confirm an answer."""
    if task.kind not in {Task.Kind.CONFIRM, Task.Kind.INSPECT} or not task.assignee:
        return
    person = _person(task.assignee, task)
    finish_task(
        task=task, passed=True, remark=_("符合要求"), actor=person, now=timezone.now()
    )
    show.console.print(
        f"{task.get_kind_display()} ✓ {task.assignee_name}", style="green"
    )


def _decide(case: Case, show: Follower) -> None:
    """Let the reviewer who has the task decide, once it is there."""
    told = show.follow(case, until=_waits_for_decision, at_most_s=60)
    task = next(task for task in told.tasks if task.kind == Task.Kind.DECIDE)
    if task.assignee:
        person = _person(task.assignee, task)
        approve_case(case=case, actor=person, now=timezone.now())
        show.console.print(_("准予") + f" ✓ {task.assignee_name}", style="green")


def _waits_for_decision(told: CaseSummary) -> bool:
    return any(task.kind == Task.Kind.DECIDE for task in told.tasks)


def _ended(told: CaseSummary) -> bool:
    return told.case.ended_at is not None


def _person(user: User, task: Task) -> Any:
    return actor_of(user, role=task.role, office=task.office_id or "")


def _bring_back(show: Follower) -> None:
    switch(department=DIES, mode=Profile.Mode.UP, actor=SYSTEM, now=timezone.now())
    show.console.print(_("市卫生健康委的系统恢复，系统自动再次请求。"), style="green")


def _wait_for_sequencer() -> None:
    deadline = time.monotonic() + SEQUENCED_WITHIN_S
    while integrity().pending and time.monotonic() < deadline:
        time.sleep(0.1)
