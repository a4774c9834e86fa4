"""Decide: judges the substance, and only when every requirement is settled."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from services.accounts.queries import duty_officers
from services.cases.models import Case, Certificate, Decision, Requirement, Task
from services.cases.operations.accept import (
    APPROVED,
    REVIEWER,
    close_all_tasks,
    office_task,
)
from services.cases.operations.certify import issue_certificate
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_case
from services.cases.paper_words import GRANTED, GRANTED_INSTANTLY, REDRESS
from services.common.actors import Actor
from services.common.errors import DomainError
from services.dispatch.operations.send import send
from services.exchange.operations.cancel import cancel_waiting

SAMPLE_EVERY = 20  # one in so many automatic decisions is looked at afterwards


class RequirementsUnsettled(DomainError):
    """A mandatory requirement has no evidence; nobody decides on missing data."""

    code = "requirements_unsettled"


class EvidenceStale(RequirementsUnsettled):
    """What departments showed is too old to approve on; they are asked again."""

    code = "evidence_stale"


class TasksOpen(DomainError):
    """An answer is not confirmed or an inspection not recorded."""

    code = "tasks_open"


class ReasonsNeeded(DomainError):
    """A refusal gives reasons."""

    code = "reasons_needed"


def approve_case(*, case: Case, actor: Actor, now: datetime, reasons: str = "") -> Case:
    """
    Approve a case, make its certificate, and send it to the office that keeps it.

    :raises CaseAlreadyDecided: if somebody else decided first, even a moment ago.
    :raises RequirementsUnsettled: while a mandatory requirement has no evidence.
    :raises EvidenceStale: if some is no longer fresh; then departments are asked again.
    :raises TasksOpen: while a confirmation or an inspection is open.
    """
    try:
        return _approve(case, actor=actor, now=now, reasons=reasons)
    except EvidenceStale:
        send("cases.advance", case.reference, now=now)
        raise


def _approve(case: Case, *, actor: Actor, now: datetime, reasons: str) -> Case:
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        effects.move(case, "approve", decided_at=now)
        rows = list(case.requirements.select_related("evidence").order_by("position"))
        _refuse_unsettled(rows)
        _refuse_stale(rows, now)
        _refuse_open_tasks(case)
        effects.decisions.append(
            _decision(
                case,
                Decision.Kind.APPROVED,
                by=actor,
                official=actor.name,
                reasons=reasons or GRANTED,
                now=now,
            )
        )
        issue_certificate(effects, case, rows)
        close_all_tasks(effects, case, result=APPROVED)
        cancel_waiting(cases=[case.reference], actor=actor, now=now)
        if case.commitments.exists():
            _look_afterwards(effects, case, promised=True)
        effects.flush()
    return case


def refuse_case(*, case: Case, reasons: str, actor: Actor, now: datetime) -> Case:
    """
    Refuse a case with reasons and redress.

    A requirement that departments surely do not hold is a reason; one that nobody
    has answered is not: then nobody may close.

    :raises RequirementsUnsettled: while a department has not answered.
    :raises ReasonsNeeded: if no reasons are given.
    """
    if not reasons.strip():
        raise ReasonsNeeded
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        effects.move(case, "refuse", decided_at=now, ended_at=now)
        rows = list(case.requirements.all())
        silent = [row for row in rows if row.state == Requirement.State.UNSETTLED]
        if silent:
            raise RequirementsUnsettled("、".join(row.name for row in silent))
        effects.decisions.append(
            _decision(
                case,
                Decision.Kind.REFUSED,
                by=actor,
                official=actor.name,
                reasons=reasons,
                now=now,
            )
        )
        close_all_tasks(effects, case, result="refused")
        cancel_waiting(cases=[case.reference], actor=actor, now=now)
        effects.flush()
    return case


def approve_by_system(
    effects: Effects, ready: Sequence[tuple[Case, list[Requirement], bool]]
) -> list[Certificate]:
    """
    Approve instant cases whose requirements are all satisfied.

    Each decision names the responsible official. A sample is looked at afterwards, and
    every case in which something was promised (the third member of `ready`).
    """
    officials = duty_officers({(case.office_id or "", REVIEWER) for case, *_ in ready})
    for case, rows, promised in ready:
        effects.move(case, "approve", decided_at=effects.now)
        effects.decisions.append(
            _decision(
                case,
                Decision.Kind.APPROVED,
                by=effects.actor,
                official=str(
                    officials.get((case.office_id or "", REVIEWER), case.office)
                ),
                reasons=GRANTED_INSTANTLY,
                now=effects.now,
            )
        )
        issue_certificate(effects, case, rows)
        if promised or zlib.crc32(case.reference.encode()) % SAMPLE_EVERY == 0:
            _look_afterwards(effects, case, promised=promised)
    decided = [case.reference for case, *_ in ready]
    cancel_waiting(cases=decided, actor=effects.actor, now=effects.now)
    return effects.certificates


def _look_afterwards(effects: Effects, case: Case, *, promised: bool) -> None:
    zh, en = ("核查告知承诺", "Check what was promised") if promised else ("", "")
    task = office_task(case, Task.Kind.SAMPLE, now=effects.now, text=(zh, en))
    effects.tasks.append(task)


def _decision(
    case: Case,
    kind: Decision.Kind,
    *,
    by: Actor,
    official: str,
    reasons: str,
    now: datetime,
) -> Decision:
    return Decision(
        case=case,
        kind=kind,
        office_name=case.office.name if case.office else "",
        decided_by=by.id,
        official=official,
        automatic=by.kind == "system",
        reasons=reasons,
        redress=REDRESS,
        decided_at=now,
    )


def _refuse_unsettled(rows: Sequence[Requirement]) -> None:
    open_rows = [row for row in rows if row.state != Requirement.State.SATISFIED]
    if open_rows:
        raise RequirementsUnsettled("、".join(row.name for row in open_rows))


def _refuse_stale(rows: Sequence[Requirement], now: datetime) -> None:
    stale = [row for row in rows if row.evidence and row.evidence.fresh_until <= now]
    if stale:
        raise EvidenceStale("、".join(row.name for row in stale))


def _refuse_open_tasks(case: Case) -> None:
    kinds = [Task.Kind.CONFIRM, Task.Kind.INSPECT]
    still = case.tasks.filter(kind__in=kinds, closed_at__isnull=True)
    if still.exists():
        raise TasksOpen("、".join(str(Task.Kind(t.kind).label) for t in still))
