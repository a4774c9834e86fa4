"""End a case before it is decided."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.cases.models import Case
from services.cases.operations.accept import close_all_tasks
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_case
from services.common.actors import Actor
from services.exchange.operations.cancel import cancel_waiting


def withdraw_case(*, case: Case, actor: Actor, now: datetime) -> Case:
    """
    Withdraw a case at the applicant's wish; departments are asked no more.

    :raises CaseAlreadyDecided: if it has been decided.
    """
    return _end(case, "withdraw", actor=actor, now=now)


def terminate_case(*, case: Case, actor: Actor, now: datetime) -> Case:
    """Terminate a review that has lost its object (终止)."""
    return _end(case, "terminate", actor=actor, now=now)


def transfer_case(*, case: Case, actor: Actor, now: datetime) -> Case:
    """Send a case to the authority that is competent (移送)."""
    return _end(case, "transfer", actor=actor, now=now)


def _end(case: Case, action: str, *, actor: Actor, now: datetime) -> Case:
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        effects.move(case, action, ended_at=now, accept_by=None)
        close_all_tasks(effects, case, result=action)
        cancel_waiting(cases=[case.reference], actor=actor, now=now)
        effects.flush()
    return case
