"""
A deadline that passed goes to the head clerk (督办), once for each stage.

The task itself says that it was done: it is opened once per case and stage, whatever
the clock showed meanwhile, and carries the day that passed, not the day of noticing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from services.accounts.models import User
from services.accounts.queries import duty_officers
from services.cases.models import Case, Task
from services.cases.operations.effects import Effects
from services.cases.operations.in_turn import in_turn
from services.cases.operations.lock import lock_cases
from services.common.actors import SYSTEM

HEAD = "head_clerk"
HALL = ""  # where a department has no head of its own, the hall's head acts
RUNNING = (Case.State.ACCEPTED, Case.State.IN_REVIEW)
# A stage is what the task is about, and which day of the case has passed.
STAGES: Mapping[str, tuple[str, str]] = {
    "promised_on": (
        "已超过承诺办结期限，请督办",
        "The promised time has passed: please see to it",
    ),
    "statutory_on": (
        "已超过法定办结期限，请立即督办",
        "The statutory time has passed: please see to it at once",
    ),
}


def escalate(*, now: datetime) -> int:
    """Put every case whose time has passed before its head clerk; return how many."""
    today = timezone.localtime(now).date()
    return sum(
        in_turn(
            list(_overdue(stage, today).values_list("reference", flat=True)),
            partial(_escalate, stage=stage, now=now),
            now=now,
        )
        for stage in STAGES
    )


def _overdue(stage: str, today: date) -> QuerySet[Case]:
    told = Task.objects.filter(
        case=OuterRef("pk"), kind=Task.Kind.SUPERVISE, about=stage
    )
    undecided = Case.objects.filter(decided_at__isnull=True, ended_at__isnull=True)
    return undecided.filter(
        ~Exists(told), state__in=RUNNING, **{f"{stage}__lt": today}
    ).order_by("pk")


def _escalate(references: Sequence[str], *, stage: str, now: datetime) -> int:
    with transaction.atomic():
        effects = Effects(actor=SYSTEM, now=now)
        locked = lock_cases(references, RUNNING)
        due = _overdue(stage, timezone.localtime(now).date())
        ids = due.filter(pk__in=[case.pk for case in locked]).values_list(
            "pk", flat=True
        )
        wanted = set(ids)
        cases = [case for case in locked if case.pk in wanted]
        heads = _heads(case.office_id or HALL for case in cases)
        for case in cases:
            effects.tasks.append(_task(case, stage, heads, now))
            effects.log(case, "clock.overdue", stage=stage, due=str(_day(case, stage)))
        effects.flush()
    return len(cases)


def _task(
    case: Case, stage: str, heads: Mapping[str, User | None], now: datetime
) -> Task:
    head = heads[case.office_id or HALL]
    text, text_en = STAGES[stage]
    return Task(
        case=case,
        kind=Task.Kind.SUPERVISE,
        about=stage,
        text=text,
        text_en=text_en,
        office=case.office,
        role=HEAD,
        assignee=head,
        assignee_name=str(head or case.office),
        opened_at=now,
        due_on=_day(case, stage),
    )


def _heads(offices: Iterable[str]) -> dict[str, User | None]:
    codes = {*offices, HALL}
    heads = duty_officers([(code, HEAD) for code in codes])
    return {code: heads.get((code, HEAD)) or heads.get((HALL, HEAD)) for code in codes}


def _day(case: Case, stage: str) -> date:
    day: date = getattr(case, stage)
    return day
