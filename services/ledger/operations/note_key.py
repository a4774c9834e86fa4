"""Record that the log has a new key."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.ledger.entry import Entry
from services.ledger.note import VerifierKey
from services.ledger.operations.record import record


def note_new_key(*, key: VerifierKey, now: datetime) -> None:
    """Record that a key was made; its public half stands in the details."""
    made = Entry(type="key.created", code="LOG", details={"key": str(key)})
    with transaction.atomic():
        record(made, at=now)
