"""Look again whether the departments agree with us: they may have come later."""

from __future__ import annotations

from datetime import datetime

from services.common.actors import SYSTEM
from services.departments.checks import check_agreement
from services.exchange.models import Incident
from services.exchange.operations.incident import open_incident

DISAGREE = "departments_disagree"
SERVICE = "departments"


def look_at_agreement(*, now: datetime) -> None:
    """Open an incident where the service contradicts us; close it when it agrees."""
    messages = check_agreement()
    wrong = [one.msg for one in messages if one.is_serious()]
    if wrong:
        open_incident(kind=DISAGREE, about=SERVICE, text="; ".join(wrong), now=now)
    elif not messages:  # who is away has not changed his mind
        Incident.objects.filter(kind=DISAGREE, closed_at__isnull=True).update(
            closed_at=now, closed_by=SYSTEM.id
        )
