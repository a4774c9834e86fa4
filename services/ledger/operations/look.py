"""Record that somebody read the log: the auditor's looks are in it too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from services.common.actors import Actor
from services.ledger.entry import Entry
from services.ledger.operations.record import record


def look_at_log(*, actor: Actor, now: datetime, at: Mapping[str, str | int]) -> None:
    """Record one look: `at` names the entry, or what the list was filtered by."""
    asked = {name: value for name, value in at.items() if value}
    with transaction.atomic():
        record(Entry(type="log.viewed", actor=actor, details=asked), at=now)
