"""Record that somebody read the log: the auditor's looks are in it too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from services.common.actors import Actor
from services.common.subjects import KINDS, parse_subject
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many

PURPOSE = "审计监督"
BASIS = "行政许可法第60条"  # who supervises how licences are granted


def look_at_log(
    *,
    actor: Actor,
    now: datetime,
    at: Mapping[str, str | int],
    subject: str = "",
    also: str = "",
    event: str = "log.viewed",
) -> None:
    """
    Record one look or export: `at` names the entry, or what the list was filtered by.

    Whom it is about is its `subject`, so that a company sees who looked for it; a
    pseudonym that stands for nobody any more is none. A look that concerns two of
    them (`also`) is recorded for each.
    """
    named = dict.fromkeys(n for n in (subject, also) if parse_subject(n).kind in KINDS)
    asked = {name: value for name, value in at.items() if value}
    look = Entry(type=event, actor=actor, purpose=PURPOSE, basis=BASIS, details=asked)
    looks = [replace(look, subject=name) for name in named] or [look]
    with transaction.atomic():
        record_many(looks, at=now)
