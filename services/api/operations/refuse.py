"""Keep in the log that something came which no department may say."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from services.common.actors import SYSTEM
from services.exchange.operations.incident import open_late_garbage
from services.ledger.entry import Entry
from services.ledger.operations.record import record


def refuse_envelope(
    *, body: bytes, reason: str, sealed_for: str = "", now: datetime
) -> None:
    """
    Record that an envelope was refused, by the digest of its bytes.

    :param sealed_for: whose seal was good though what is in it is not: an incident.
        What nobody we know has sealed may come from anybody, as often as he likes.
    """
    digest = hashlib.sha256(body).hexdigest()
    details = {"reason": reason, "sha256": digest}
    entry = Entry(
        type="exchange.quarantined", office=sealed_for, actor=SYSTEM, details=details
    )
    with transaction.atomic():
        record(entry, at=now)
        if sealed_for:
            text = f"1 × GARBLED ({reason}), sha256 {digest[:16]}"
            open_late_garbage(department=sealed_for, text=text, now=now)
