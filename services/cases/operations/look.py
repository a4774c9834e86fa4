"""Record that somebody opened a case: every look at a company's data is logged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.cases.models import Case
from services.cases.operations.accept import REVIEWER
from services.cases.operations.effects import Effects
from services.common.actors import Actor


def look_at_case(*, case: Case, actor: Actor, now: datetime) -> None:
    """
    Record one look at a case's data and evidence; a live refresh is none.

    Who may decide finds evidence that is fresh, or being asked for again.
    """
    with transaction.atomic():
        effects = Effects(actor=actor, now=now)
        effects.log(case, "evidence.viewed")
        if actor.role == REVIEWER and _rests_on_stale_evidence(case, now):
            effects.wake(case)
        effects.flush()


def _rests_on_stale_evidence(case: Case, now: datetime) -> bool:
    in_review = case.state == Case.State.IN_REVIEW
    return (
        in_review and case.requirements.filter(evidence__fresh_until__lte=now).exists()
    )
