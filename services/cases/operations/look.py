"""Record that somebody opened a case: every look at a company's data is logged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.cases.models import Case
from services.cases.operations.effects import Effects
from services.common.actors import Actor


def look_at_case(*, case: Case, actor: Actor, now: datetime) -> None:
    """Record one look at a case's data and evidence; a live refresh is none."""
    with transaction.atomic():
        effects = Effects(actor=actor, now=now)
        effects.log(case, "evidence.viewed")
        effects.flush()
