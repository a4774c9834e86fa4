"""The draft that a company is working on."""

from __future__ import annotations

from datetime import datetime

from services.cases.models import Case
from services.cases.queries.lists import visible_cases
from services.common.actors import Actor


def draft_in_hand(actor: Actor, item: str, *, now: datetime) -> Case | None:
    """Return the actor's unfiled draft for an item, if it is still kept."""
    drafts = visible_cases(actor).filter(
        state=Case.State.DRAFT,
        item_version__item=item,
        opened_by=actor.id,
        expires_at__gt=now,
    )
    return drafts.order_by("-pk").first()
