"""Papers that follow after acceptance (容缺后补): a due date, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from services.cases.models import Case, Requirement, Task
from services.cases.operations.accept import applicant_task, close_tasks, office_task
from services.cases.operations.effects import Effects
from services.cases.operations.in_turn import in_turn
from services.catalogue.queries import materials
from services.common.actors import SYSTEM


def expect_papers(effects: Effects, case: Case, rows: Iterable[Requirement]) -> None:
    """Give the applicant a task, with its due date, for each paper that follows."""
    for row in rows:
        if row.means == Requirement.Means.DEFERRED:
            text = (
                f"请在期限内补交：{row.name}",
                f"To be added by then: {row.name_en}",
            )
            task = applicant_task(
                case,
                Task.Kind.SUPPLY,
                now=effects.now,
                about=row.satisfied_by,
                text=text,
            )
            task.due_on = row.due_on
            effects.tasks.append(task)


def is_expected(case: Case, material: str) -> bool:
    """Return whether a paper is still to follow, even after the decision."""
    return case.tasks.filter(
        kind=Task.Kind.SUPPLY, about=material, closed_at__isnull=True
    ).exists()


def take_in(effects: Effects, case: Case, material: str) -> None:
    """Let a paper that followed stand where its promise stood."""
    followed = case.requirements.filter(
        means=Requirement.Means.DEFERRED, satisfied_by=material
    )
    if followed.update(means=Requirement.Means.UPLOAD, due_on=None):
        close_tasks(effects, case, Task.Kind.SUPPLY, about=material, result="supplied")


def call_overdue(*, now: datetime) -> int:
    """Tell the reviewer which promised papers did not come; return how many."""
    late = Task.objects.filter(
        kind=Task.Kind.SUPPLY,
        closed_at__isnull=True,
        due_on__lt=timezone.localtime(now).date(),
    )
    return in_turn(
        list(late.order_by("pk").values_list("pk", flat=True)),
        partial(_call, now=now),
        now=now,
    )


def _call(tasks: Sequence[int], *, now: datetime) -> int:
    with transaction.atomic():
        late = list(
            Task.objects.select_for_update(of=("self",))
            .filter(pk__in=tasks, closed_at__isnull=True)
            .select_related("case__office", "case__entity")
            .order_by("pk")
        )
        effects = Effects(actor=SYSTEM, now=now)
        for task in late:
            task.closed_by, task.result = SYSTEM.id, "overdue"
            effects.closed_tasks.append(task)
            paper = materials()[task.about]
            text = (
                f"容缺材料逾期未补：{paper.name}",
                f"Not added in time: {paper.name_en}",
            )
            effects.tasks.append(
                office_task(
                    task.case, Task.Kind.SAMPLE, now=now, about=task.about, text=text
                )
            )
            effects.log(task.case, "commitment.breached", material=task.about)
        effects.flush()
    return len(late)
