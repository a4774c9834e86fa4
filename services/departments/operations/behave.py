"""Change how a simulated department behaves: the departments' side of a switch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from services.departments.faults import Mode
from services.departments.gateways.contract import Behaviour
from services.departments.house import behaviour_of, usual_profile
from services.departments.models import Profile
from services.departments.router import ALIAS

DEFER_SECONDS = 30
ANSWER_LATER = (Mode.DEFERRED, Mode.LATE)


def behave(*, department: str, changes: Mapping[str, Any]) -> Behaviour:
    """Change these members of a department's behaviour and return the whole of it."""
    with transaction.atomic(using=ALIAS):
        stored = Profile.objects.select_for_update().filter(pk=department).first()
        profile = stored or usual_profile(department)
        for name, value in changes.items():
            setattr(profile, name, value)
        if profile.mode in ANSWER_LATER and not profile.defer_seconds:
            profile.defer_seconds = DEFER_SECONDS
        profile.save()
    return behaviour_of(profile)
