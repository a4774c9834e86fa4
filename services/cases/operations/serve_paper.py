"""Record that a company opened a paper: the time for redress runs from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from services.cases.models import Case
from services.cases.operations.lock import lock_case
from services.cases.operations.look import look_entry
from services.common.actors import Actor
from services.ledger.models import LogEntry
from services.ledger.operations.record import record

SERVED = "paper.served"


def serve_paper(*, case: Case, kind: str, actor: Actor, now: datetime) -> bool:
    """
    Record that the applicant opened a paper for the first time; tell whether it was.

    The log itself is the memory. Who opens it twice at once waits for the case's row
    and then finds the entry.
    """
    if _served(case, kind):
        return False
    with transaction.atomic():
        lock_case(case)
        if _served(case, kind):
            return False
        record(replace(look_entry(SERVED, case, actor), code=kind), at=now)
    return True


def _served(case: Case, kind: str) -> bool:
    found = LogEntry.objects.filter(case=case.reference, type=SERVED, code=kind)
    return found.exists()
