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


def switch(
    department: str,
    mode: str,
    *,
    actor: Actor,
    now: datetime,
    latency_ms: int | None = None,
    seed: int | None = None,
) -> Profile:
    """
    Make a department's system behave in another way from now on; None: as it is.

    :raises ModeUnknown: if no such behaviour is simulated.
    """
    if mode not in list(Profile.Mode):
        raise ModeUnknown(mode)
    asked = {"latency_ms": latency_ms, "seed": seed}
    changed = {name: value for name, value in asked.items() if value is not None}
    # Two databases: the log says it first, and is undone if the switch fails.
    with transaction.atomic():
        record(
            Entry(
                type="department.switched",
                office=department,
                actor=actor,
                details={"mode": mode, **changed},
            ),
            at=now,
        )
        with transaction.atomic(using=ALIAS):
            profile, _ = Profile.objects.get_or_create(department=department)
            profile.mode = mode
            profile.switched_at = now
            for name, value in changed.items():
                setattr(profile, name, value)
            if mode == Profile.Mode.DEFERRED and not profile.defer_seconds:
                profile.defer_seconds = DEFER_SECONDS
            profile.save()
    return profile
