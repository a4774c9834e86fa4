"""How a journal and a behaviour are written as JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.departments.faults import Mode
from services.departments.gateways.contract import Behaviour, Seen
from services.departments.gateways.wire import (
    TEXT_OR_NULL,
    Json,
    Shape,
    checked,
    instant,
    refuse,
)

BEHAVIOUR: Shape = {
    "department": str,
    "mode": str,
    "latency_ms": int,
    "p99_ms": int,
    "defer_seconds": int,
    "seed": int,
    "switched_at": TEXT_OR_NULL,
}
SEEN: Shape = {
    "request_id": str,
    "kind": str,
    "department": str,
    "times": int,
    "effects": int,
    "first_at": str,
    "last_at": str,
    "outcome": str,
}


def seen_to_json(seen: Seen) -> Json:
    """Return one row of a department's journal as it is sent."""
    times = {"first_at": seen.first_at.isoformat(), "last_at": seen.last_at.isoformat()}
    return asdict(seen) | times


def seen_from_json(sent: object) -> Seen:
    """
    Return the row of a journal that was sent.

    :raises ShapeUnknown: if it is none.
    """
    fields = checked(sent, SEEN)
    times = {name: instant(fields[name]) for name in ("first_at", "last_at")}
    return Seen(**(fields | times))


def behaviour_to_json(behaviour: Behaviour) -> Json:
    """Return a behaviour as it is sent."""
    return changes_to_json(asdict(behaviour))


def behaviour_from_json(sent: object) -> Behaviour:
    """
    Return the behaviour that was sent.

    :raises ShapeUnknown: if it is none.
    """
    fields = checked(sent, BEHAVIOUR)
    return Behaviour(**{**fields, "switched_at": instant(fields["switched_at"])})


def changes_to_json(changes: Mapping[str, Any]) -> Json:
    """Return changes of a behaviour as they are sent."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in changes.items()
    }


def changes_from_json(sent: object) -> Json:
    """
    Return the changes of a behaviour that were sent.

    :raises ShapeUnknown: if a member is unknown or of another type.
    """
    if not isinstance(sent, dict) or "department" in sent:
        refuse("members")
    shape = {name: BEHAVIOUR[name] for name in sent if name in BEHAVIOUR}
    changes = dict(checked(sent, shape))
    if changes.get("mode", Mode.UP) not in list(Mode):
        refuse("mode")
    if "switched_at" in changes:
        changes["switched_at"] = instant(changes["switched_at"])
    return changes
