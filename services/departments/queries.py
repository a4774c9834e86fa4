"""Questions to the departments' own tables, for doors and demo values."""

from __future__ import annotations

import re
from datetime import datetime

from services.departments.faults import CONCLUSIONS, Mode
from services.departments.gateways.contract import HUB, Seen
from services.departments.models import Call, Profile, Record

RESIDENT_ID = re.compile(r"^(.+?)(\d{17}[\dX])$")


def known_subjects(entity: str, kind: str) -> list[str]:
    """
    Return what a form may hold for subjects of this kind that concern a company.

    Staff read as "name id", the others as they are registered.
    """
    keys = (
        Record.objects.filter(entity=entity, subject_kind=kind)
        .order_by("subject_key")
        .values_list("subject_key", flat=True)
        .distinct()
    )
    if kind != "person":
        return list(keys)
    return [RESIDENT_ID.sub(r"\1 \2", key) for key in keys]


def profiles() -> list[Profile]:
    """Return how every department's system behaves, by code."""
    return list(Profile.objects.order_by("department"))


def behaviour(*departments: str) -> dict[str, Profile]:
    """Return how these departments behave, also those that were never switched."""
    stored = Profile.objects.in_bulk(departments)
    return {code: stored.get(code) or usual_profile(code) for code in departments}


def usual_profile(department: str) -> Profile:
    """Return how a department behaves that nobody switched; the hub takes no time."""
    if department == HUB:
        return Profile(department=HUB, latency_ms=0)
    return Profile(department=department)


def knows_number(*, department: str, material: str, number: str, entity: str) -> bool:
    """Return whether a number stands in a register that can be asked, good or not."""
    mode = behaviour(department)[department].mode
    if mode in CONCLUSIONS or mode == Mode.NO_RECORD:
        return False
    return Record.objects.filter(
        department=department,
        material=material,
        number=number,
        entity__in=["", entity],
    ).exists()


def journal(*, department: str, since: datetime) -> list[Seen]:
    """Return what a department has seen since then: one row per request id."""
    calls = Call.objects.filter(department=department, at__gte=since)
    seen: dict[tuple[str, str], Seen] = {}
    for kind, at, rows in calls.order_by("at", "pk").values_list("kind", "at", "seen"):
        for request_id, effects, outcome in rows:
            before = seen.get((kind, request_id))
            seen[kind, request_id] = Seen(
                request_id=request_id,
                kind=kind,
                department=department,
                times=1 + (before.times if before else 0),
                effects=effects + (before.effects if before else 0),
                first_at=before.first_at if before else at,
                last_at=at,
                outcome=outcome,
            )
    return list(seen.values())
