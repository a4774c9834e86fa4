"""Keep in the log that something came which no department has sealed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from services.common.actors import SYSTEM
from services.ledger.entry import Entry
from services.ledger.operations.record import record


def refuse_envelope(*, body: bytes, reason: str, now: datetime) -> None:
    """Record that an envelope was refused, by the digest of its bytes."""
    details = {"reason": reason, "sha256": hashlib.sha256(body).hexdigest()}
    with transaction.atomic():
        record(
            Entry(type="exchange.quarantined", actor=SYSTEM, details=details), at=now
        )
