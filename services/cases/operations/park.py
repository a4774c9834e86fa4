"""Parked cases: look again when what they wait for may be there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from services.cases.models import Case, Requirement
from services.cases.operations.draft import ASK_FOR
from services.cases.operations.requirements import EXCHANGE, exchange_key
from services.common.actors import Actor
from services.exchange.operations.ask_again import ask_again_many


def look_again(
    *, obtained: Iterable[tuple[str, str]], actor: Actor, now: datetime
) -> int:
    """
    Ask again for what waiting cases lack, now that it has been deposited.

    :param obtained: licence number and material of each new certificate.
    :returns: how many questions were asked again.
    """
    by_entity: dict[str, set[str]] = defaultdict(set)
    for entity, material in obtained:
        by_entity[entity].add(material)
    missing = Requirement.objects.filter(
        case=OuterRef("pk"), state=Requirement.State.MISSING
    )
    lacking = Case.objects.filter(
        Exists(missing),
        entity__uscc__among=by_entity,
        state__in=[Case.State.PARKED, Case.State.IN_REVIEW],
    ).select_related("entity")
    return sum(
        ask_missing_again(
            case=case, materials=by_entity[case.entity.uscc], actor=actor, now=now
        )
        for case in lacking
    )


def ask_missing_again(
    *, case: Case, actor: Actor, now: datetime, materials: set[str] | None = None
) -> int:
    """Ask departments again for what a case lacks; return how many were asked."""
    lacking = case.requirements.filter(
        state__in=[Requirement.State.MISSING, Requirement.State.WAITING]
    )
    keys = [
        (case.reference, *exchange_key(member))
        for row in lacking
        for member in row.members
        if member["how"] == EXCHANGE
        and (materials is None or member["material"] in materials)
    ]
    return ask_again_many(keys, deadline_at=now + ASK_FOR, actor=actor, now=now)
