"""Questions that a department's own side asks its tables."""

from __future__ import annotations

from datetime import datetime

from django.db import connections

from services.common.among import among, listed
from services.departments.faults import CONCLUSIONS, Mode
from services.departments.gateways.contract import HUB, Behaviour, Seen
from services.departments.models import Call, Profile, Record
from services.departments.router import ALIAS

SWITCHED = "SELECT * FROM departments_profile WHERE department {among}"


def profiles(*departments: str) -> dict[str, Profile]:
    """Return how these departments behave, also those that were never switched."""
    connection = connections[ALIAS]
    switched = SWITCHED.format(among=among(connection))
    rows = Profile.objects.raw(switched, [listed(connection, departments)])
    stored = {profile.department: profile for profile in rows}
    return {code: stored.get(code) or usual_profile(code) for code in departments}


def usual_profile(department: str) -> Profile:
    """Return how a department behaves that nobody switched; the hub takes no time."""
    if department == HUB:
        return Profile(department=HUB, latency_ms=0)
    return Profile(department=department)


def knows_number(*, department: str, material: str, number: str, entity: str) -> bool:
    """Return whether a number stands in a register that can be asked, good or not."""
    mode = profiles(department)[department].mode
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


def behaviours() -> list[Behaviour]:
    """Return how everybody behaves who was ever switched, by code."""
    return [behaviour_of(profile) for profile in Profile.objects.order_by("department")]


def behaviour_of(profile: Profile) -> Behaviour:
    """Return a profile as it is shown."""
    return Behaviour(
        department=profile.department,
        mode=profile.mode,
        latency_ms=profile.latency_ms,
        p99_ms=profile.p99_ms,
        defer_seconds=profile.defer_seconds,
        seed=profile.seed,
        switched_at=profile.switched_at,
    )
