"""Acceptance: judges the applicant's side only (行政许可法 32)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from services.cases.clock import promised_on, statutory_on
from services.cases.evidence import standing
from services.cases.models import Case, Decision, Requirement, Task
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_case
from services.cases.paper_words import REDRESS
from services.cases.planning.plan import Confirmation, Plan
from services.cases.plans import case_definition, plan_case
from services.cases.transitions import RoleMayNot
from services.cases.working_calendar import working_calendar
from services.common.actors import SYSTEM, Actor
from services.exchange.operations.cancel import cancel_waiting

BY_DEPARTMENT, DELEGATED = "department", "window_delegated"
WINDOW = "window_clerk"
REVIEWER = "reviewer"
INSPECTOR = "inspector"
APPROVED = "approved"


def accept_or_hand_over(
    effects: Effects, case: Case, plan: Plan, requirements: Sequence[Requirement]
) -> None:
    """
    Accept a complete filing on the spot, park it, or hand it to the department.

    What departments have not answered delays nothing; what they surely do not hold
    parks the case until the certificate exists.
    """
    missing = [row for row in requirements if row.state == Requirement.State.MISSING]
    if case.stop_kind:
        _hand_over(effects, case, case.stop_reason)
    elif missing:
        effects.move(
            case, "park", actor=SYSTEM, waits_for=lacking(missing), accept_by=None
        )
    elif case_definition(case).acceptance_mode == BY_DEPARTMENT:
        _hand_over(effects, case, "")
    else:
        accept(effects, case, plan, actor=SYSTEM)


def lacking(missing: Sequence[Requirement]) -> list[str]:
    """Return the materials of which any would settle what is missing."""
    return sorted({m["material"] for row in missing for m in row.members})


def accept(
    effects: Effects, case: Case, plan: Plan, *, actor: Actor, deemed: bool = False
) -> None:
    """
    Accept: the clock starts, and what people must look at becomes their task.

    What counts as accepted was so on the day when it came in complete.
    """
    accepted_at = (deemed and case.complete_at) or effects.now
    day = timezone.localtime(accepted_at).date()
    calendar = working_calendar()
    effects.move(
        case,
        "accept",
        actor=actor,
        accepted_at=accepted_at,
        deemed_accepted=deemed,
        accept_by=None,
        promised_on=promised_on(calendar, day, case.promised_days),
        statutory_on=statutory_on(
            calendar, day, case.statutory_unit, case.statutory_value
        ),
    )
    effects.move(case, "review", actor=SYSTEM)
    effects.tasks += [_confirmation(case, c, effects.now) for c in plan.confirmations]
    if case.inspection:
        effects.tasks.append(office_task(case, Task.Kind.INSPECT, now=effects.now))


def accept_case(*, case: Case, actor: Actor, now: datetime) -> Case:
    """
    Accept a case by a person of the office or a delegated window.

    :raises RoleMayNot: also for a window where acceptance is not delegated to it.
    :raises TransitionRefused, NotYourOffice: see transitions.
    """
    with transaction.atomic():
        case = lock_case(case)
        if actor.role == WINDOW and case_definition(case).acceptance_mode != DELEGATED:
            raise RoleMayNot(f"accept {case.number} as {actor.role}")
        effects = Effects(actor=actor, now=now)
        answers = standing([case.reference]).get(case.reference, {})
        accept(effects, case, plan_case(case, answers, now=now), actor=actor)
        close_tasks(effects, case, Task.Kind.ACCEPT, result="accepted")
        effects.wake(case)
        effects.flush()
    return case


def refuse_acceptance(
    *, case: Case, kind: str, reasons: str, actor: Actor, now: datetime
) -> Case:
    """
    Refuse acceptance in the office's name (不予受理), with reasons and redress.

    :param kind: not_needed, other_authority or not_eligible.
    """
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        effects.move(
            case, "refuse_acceptance", stop_kind=kind, ended_at=now, accept_by=None
        )
        effects.decisions.append(
            Decision(
                case=case,
                kind=Decision.Kind.NOT_ACCEPTED,
                office_name=case.office.name if case.office else "",
                decided_by=actor.id,
                official=actor.name,
                reasons=reasons,
                redress=REDRESS,
                decided_at=now,
            )
        )
        close_all_tasks(effects, case, result="not_accepted")
        cancel_waiting(cases=[case.reference], actor=actor, now=now)
        effects.flush()
    return case


def office_task(
    case: Case,
    kind: Task.Kind,
    *,
    now: datetime,
    about: str = "",
    text: tuple[str, str] = ("", ""),
) -> Task:
    """Return a task for the case's office; `flush` puts a named person on it."""
    return Task(
        case=case,
        kind=kind,
        about=about,
        text=text[0],
        text_en=text[1],
        office=case.office,
        role=INSPECTOR if kind == Task.Kind.INSPECT else REVIEWER,
        opened_at=now,
        due_on=case.promised_on or _last_day(case.accept_by),
    )


def applicant_task(
    case: Case,
    kind: Task.Kind,
    *,
    now: datetime,
    about: str = "",
    text: tuple[str, str] = ("", ""),
) -> Task:
    """Return a task for the applicant, in the representative's name."""
    name = case.stated_fields.get("agent_name") or case.entity.legal_representative
    return Task(
        case=case,
        kind=kind,
        about=about,
        text=text[0],
        text_en=text[1],
        role="applicant",
        assignee_name=name,
        opened_at=now,
    )


def close_tasks(
    effects: Effects, case: Case, kind: str, *, result: str, about: str | None = None
) -> None:
    """Close the open tasks of a kind, or the one about a matter."""
    tasks = case.tasks.filter(kind=kind, closed_at__isnull=True)
    for task in tasks if about is None else tasks.filter(about=about):
        _close(effects, task, result)


def close_all_tasks(effects: Effects, case: Case, *, result: str) -> None:
    """Close every open task: the case is decided. A paper that follows stays due."""
    for task in case.tasks.filter(closed_at__isnull=True):
        if result != APPROVED or task.kind != Task.Kind.SUPPLY:
            _close(effects, task, result)


def _last_day(instant: datetime | None) -> date | None:
    return timezone.localtime(instant).date() if instant else None


def _close(effects: Effects, task: Task, result: str) -> None:
    task.closed_by = effects.actor.id
    task.result = result
    effects.closed_tasks.append(task)


def _hand_over(effects: Effects, case: Case, text: str) -> None:
    effects.tasks.append(
        office_task(case, Task.Kind.ACCEPT, now=effects.now, text=(text, text))
    )


def _confirmation(case: Case, confirmation: Confirmation, now: datetime) -> Task:
    return office_task(
        case,
        Task.Kind.CONFIRM,
        now=now,
        about=confirmation.question,
        text=(confirmation.text, confirmation.text_en),
    )
