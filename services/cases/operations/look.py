"""Record who looked: at a case, a paper, a list; every look at data is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from services.cases.models import Case
from services.cases.operations.accept import REVIEWER
from services.cases.operations.effects import Effects
from services.cases.plans import case_definition, purpose_of
from services.common.actors import Actor
from services.exchange.entries import exchange_entry
from services.exchange.models import AssistRequest
from services.ledger.entry import Entry
from services.ledger.operations.record import record, record_many

AT_THE_DESK = "办理行政许可"
BASIS = "行政许可法第34条"  # who examines what was applied for
LONGEST = 200  # characters that are kept of what somebody typed


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


def look_at_requests(
    *, requests: Sequence[AssistRequest], actor: Actor, now: datetime
) -> None:
    """Record that a department's officer saw these requests, each under its case."""
    with transaction.atomic():
        record_many([_of_request(request, actor) for request in requests], at=now)


def look_at_list(
    *, name: str, asked: Mapping[str, str], actor: Actor, now: datetime, about: str = ""
) -> None:
    """
    Record one query of a list: its name and filters.

    :param about: the licence number of the one company that was looked for, if any.
    """
    kept = {key: _writable(text) for key, text in asked.items() if text}
    look = Entry(
        type="entity.viewed",
        office=actor.office,
        actor=actor,
        subject=f"entity:{about}" if about else "",
        purpose=AT_THE_DESK,
        basis=BASIS,
        details={"list": name, **kept},
    )
    with transaction.atomic():
        record(look, at=now)


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


def _of_request(request: AssistRequest, actor: Actor) -> Entry:
    details = {"request": request.kind}
    look = exchange_entry(
        "entity.viewed", request.exchange, actor=actor, details=details
    )
    return replace(look, office=actor.office)


def _writable(text: str) -> str:
    """Return the beginning of what was typed, without what no entry can hold."""
    return text[:LONGEST].encode("utf-8", "replace").decode().replace("\0", "")


def _rests_on_stale_evidence(case: Case, now: datetime) -> bool:
    in_review = case.state == Case.State.IN_REVIEW
    return (
        in_review and case.requirements.filter(evidence__fresh_until__lte=now).exists()
    )
