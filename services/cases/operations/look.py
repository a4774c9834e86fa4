"""Record that somebody opened a case: every look at a company's data is logged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.cases.models import Case
from services.cases.operations.accept import REVIEWER
from services.cases.operations.effects import Effects
from services.cases.plans import case_definition, purpose_of
from services.common.actors import Actor
from services.ledger.entry import Entry
from services.ledger.operations.record import record


def look_at_case(*, case: Case, actor: Actor, now: datetime) -> None:
    """
    Record one look at a case's data and evidence; a live refresh is none.

    Who may decide finds evidence that is fresh, or being asked for again.
    """
    with transaction.atomic():
        effects = Effects(actor=actor, now=now)
        effects.entries.append(look_entry("evidence.viewed", case, actor))
        if actor.role == REVIEWER and _rests_on_stale_evidence(case, now):
            effects.wake(case)
        effects.flush()


def look_at_paper(*, case: Case, kind: str, actor: Actor, now: datetime) -> None:
    """Record that somebody of the office opened a paper: it names the company."""
    with transaction.atomic():
        record(look_entry("entity.viewed", case, actor, paper=kind), at=now)


def look_entry(event: str, case: Case, actor: Actor, **details: str) -> Entry:
    """Return what the log says of a look: at whose data, for what, on what basis."""
    definition = case_definition(case)
    return Entry(
        type=event,
        office=case.office_id or "",
        actor=actor,
        case=case.reference,
        subject=f"entity:{case.entity.uscc}",
        purpose=purpose_of(definition),
        basis=definition.legal_basis,
        details=details,
    )


def _rests_on_stale_evidence(case: Case, now: datetime) -> bool:
    in_review = case.state == Case.State.IN_REVIEW
    return (
        in_review and case.requirements.filter(evidence__fresh_until__lte=now).exists()
    )
