"""What time alone brings about: deemed acceptance, void numbers, cases to look at."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from services.cases.evidence import standing
from services.cases.models import Case, Task
from services.cases.operations.accept import accept, close_all_tasks
from services.cases.operations.defer import call_overdue
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_cases
from services.cases.operations.number import void_unused_numbers
from services.cases.plans import plan_case
from services.common.actors import SYSTEM
from services.exchange.operations.cancel import cancel_waiting

BATCH = 100


def sweep(*, now: datetime) -> int:
    """Do what is due; return how many cases counted as accepted."""
    void_unused_numbers(now=now)
    call_overdue(now=now)
    _lapse_corrections(now=now)
    due = Case.objects.filter(state=Case.State.RECEIVED, accept_by__lte=now)
    references = list(due.values_list("reference", flat=True)[:BATCH])
    return sum(_deem_accepted(reference, now=now) for reference in references)


def _deem_accepted(reference: str, *, now: datetime) -> int:
    """
    Count a case as accepted from the day of receipt (行政许可法 32).

    One transaction per case: one that cannot be moved does not hold up the others.
    """
    with transaction.atomic():
        effects = Effects(actor=SYSTEM, now=now)
        for case in lock_cases([reference], [Case.State.RECEIVED]):
            answers = standing([reference]).get(reference, {})
            plan = plan_case(case, answers, now=now)
            accept(effects, case, plan, actor=SYSTEM, deemed=True)
            effects.closed_tasks += [
                _done(task)
                for task in case.tasks.filter(
                    kind=Task.Kind.ACCEPT, closed_at__isnull=True
                )
            ]
            effects.wake(case)
        effects.flush()
    return 1


def _lapse_corrections(*, now: datetime) -> None:
    """End cases whose correction notice was not answered in its time."""
    late = Case.objects.filter(
        state=Case.State.CORRECTION,
        correction__due_on__lt=timezone.localtime(now).date(),
    )
    references = list(late.values_list("reference", flat=True)[:BATCH])
    with transaction.atomic():
        effects = Effects(actor=SYSTEM, now=now)
        for case in lock_cases(references, [Case.State.CORRECTION]):
            effects.move(case, "lapse", ended_at=now)
            close_all_tasks(effects, case, result="lapsed")
            cancel_waiting(cases=[case.reference], actor=SYSTEM, now=now)
        effects.flush()


def _done(task: Task) -> Task:
    task.closed_by, task.result = SYSTEM.id, "deemed"
    return task
