"""What people establish in review: stated answers, inspections, procedures."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from services.cases.clock import paused_working_days
from services.cases.models import Case, Task
from services.cases.operations.effects import Effects
from services.cases.operations.in_hand import FAILED
from services.cases.operations.lock import lock_case
from services.cases.transitions import RoleMayNot, check_belongs
from services.cases.working_calendar import working_calendar
from services.common.actors import Actor
from services.common.errors import DomainError


class TaskAlreadyDone(DomainError):
    """Somebody did it first."""

    code = "task_already_done"


class PauseNeedsGround(DomainError):
    """Only what the law names pauses the clock (行政许可法 45)."""

    code = "pause_needs_ground"


EVENTS: dict[str, str] = {
    Task.Kind.CONFIRM: "answer.confirmed",
    Task.Kind.INSPECT: "inspection.recorded",
    Task.Kind.SAMPLE: "commitment.checked",
    Task.Kind.SUPERVISE: "clock.supervised",
}
PAUSES = (
    "hearing",
    "tender",
    "auction",
    "testing",
    "quarantine",
    "appraisal",
    "expert_review",
)


def finish_task(
    *, task: Task, passed: bool, remark: str, actor: Actor, now: datetime
) -> Task:
    """
    Record what was found: an answer confirmed, an inspection passed, a delay seen to.

    What did not pass goes to the reviewer, who alone decides.

    :raises TaskAlreadyDone: if it was closed before.
    :raises RoleMayNot: if it is another role's task, or one that an act of its own
        closes (accept, decide…).
    """
    with transaction.atomic():
        case = lock_case(task.case)
        check_belongs(actor, office=task.office_id or "", entity=case.entity.uscc)
        if actor.role != task.role or task.kind not in EVENTS:
            raise RoleMayNot(f"{task.kind} as {actor.role}")
        effects = Effects(actor=actor, now=now)
        closed = Task.objects.filter(pk=task.pk, closed_at__isnull=True).update(
            closed_at=now,
            closed_by=actor.id,
            result="passed" if passed else FAILED,
            remark=remark,
        )
        if not closed:
            raise TaskAlreadyDone(str(task.pk))
        effects.log(case, EVENTS[task.kind], about=task.about, passed=passed)
        effects.wake(case)
        effects.flush()
    task.refresh_from_db()
    return task


def start_special_procedure(
    *, case: Case, ground: str, actor: Actor, now: datetime
) -> Case:
    """
    Pause the clock for a procedure that the law names.

    :raises PauseNeedsGround: if the law does not name it (行政许可法 45).
    """
    if ground not in PAUSES:
        raise PauseNeedsGround(ground)
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        effects.move(case, "suspend", paused_at=now)
        effects.log(case, "clock.paused", ground=ground)
        effects.flush()
    return case


def end_special_procedure(*, case: Case, actor: Actor, now: datetime) -> Case:
    """Let the clock run again; both deadlines move by the working days paused."""
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        paused_at = case.paused_at or now
        days = paused_working_days(
            working_calendar(),
            timezone.localtime(paused_at).date(),
            timezone.localtime(now).date(),
        )
        effects.move(
            case,
            "continue",
            paused_at=None,
            paused_days=case.paused_days + days,
            promised_on=_later(case.promised_on, days),
            statutory_on=_later(case.statutory_on, days),
        )
        effects.log(case, "clock.resumed", working_days=days)
        effects.wake(case)
        effects.flush()
    return case


def _later(day: date | None, days: int) -> date | None:
    return working_calendar().add_working_days(day, days) if day else None
