"""What time alone brings about: deemed acceptance, lapses, escalation, void numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from services.cases.evidence import standing
from services.cases.models import Case, Task
from services.cases.operations.accept import accept, close_all_tasks
from services.cases.operations.answer_about_access import supervise_questions
from services.cases.operations.defer import call_overdue
from services.cases.operations.effects import Effects
from services.cases.operations.escalate import escalate
from services.cases.operations.in_turn import in_turn
from services.cases.operations.lock import lock_cases
from services.cases.operations.number import void_unused_numbers
from services.cases.plans import plan_case
from services.catalogue.queries import one_catalogue
from services.common.actors import SYSTEM
from services.exchange.operations.cancel import cancel_waiting


def sweep(*, now: datetime) -> int:
    """Do what is due; return how many cases counted as accepted."""
    void_unused_numbers(now=now)
    call_overdue(now=now)
    due = Case.objects.filter(state=Case.State.RECEIVED, accept_by__lte=now)
    deem = partial(_deem_accepted, now=now)
    accepted = in_turn(_references(due), deem, now=now)
    late = Case.objects.filter(
        state=Case.State.CORRECTION,
        correction__due_on__lt=timezone.localtime(now).date(),
    )
    in_turn(_references(late), partial(_lapse, now=now), now=now)
    escalate(now=now)
    supervise_questions(now=now)
    return accepted


def _references(cases: QuerySet[Case]) -> list[str]:
    return list(cases.order_by("pk").values_list("reference", flat=True))


def _deem_accepted(references: Sequence[str], *, now: datetime) -> int:
    """Count cases as accepted from the day of receipt (行政许可法 32)."""
    with transaction.atomic(), one_catalogue():
        effects = Effects(actor=SYSTEM, now=now)
        cases = lock_cases(references, [Case.State.RECEIVED])
        answers = standing(case.reference for case in cases)
        for case in cases:
            plan = plan_case(case, answers.get(case.reference, {}), now=now)
            accept(effects, case, plan, actor=SYSTEM, deemed=True)
            effects.wake(case)
        effects.closed_tasks += [
            _done(task)
            for task in Task.objects.filter(
                case__in=cases, kind=Task.Kind.ACCEPT, closed_at__isnull=True
            )
        ]
        effects.flush()
    return len(cases)


def _lapse(references: Sequence[str], *, now: datetime) -> int:
    """End cases whose correction notice was not answered in its time."""
    with transaction.atomic():
        effects = Effects(actor=SYSTEM, now=now)
        cases = lock_cases(references, [Case.State.CORRECTION])
        for case in cases:
            effects.move(case, "lapse", ended_at=now)
            close_all_tasks(effects, case, result="lapsed")
        cancel_waiting(cases=[case.reference for case in cases], actor=SYSTEM, now=now)
        effects.flush()
    return len(cases)


def _done(task: Task) -> Task:
    task.closed_by, task.result = SYSTEM.id, "deemed"
    return task
