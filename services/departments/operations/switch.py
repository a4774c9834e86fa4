"""Turn a department's faults on and off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.common.actors import Actor
from services.common.errors import DomainError
from services.departments.models import Profile
from services.departments.router import ALIAS
from services.ledger.entry import Entry
from services.ledger.operations.record import record

DEFER_SECONDS = 30


class ModeUnknown(DomainError):
    code = "department_mode_unknown"


def switch(department: str, mode: str, *, actor: Actor, now: datetime) -> Profile:
    """
    Make a department's system behave in another way from now on.

    :raises ModeUnknown: if no such behaviour is simulated.
    """
    if mode not in list(Profile.Mode):
        raise ModeUnknown(mode)
    # Two databases: the log says it first, and is undone if the switch fails.
    with transaction.atomic():
        record(
            Entry(
                type="department.switched",
                office=department,
                actor=actor,
                details={"mode": mode},
            ),
            at=now,
        )
        with transaction.atomic(using=ALIAS):
            profile, _ = Profile.objects.get_or_create(department=department)
            profile.mode = mode
            profile.switched_at = now
            if mode == Profile.Mode.DEFERRED and not profile.defer_seconds:
                profile.defer_seconds = DEFER_SECONDS
            profile.save(update_fields=["mode", "switched_at", "defer_seconds"])
    return profile
