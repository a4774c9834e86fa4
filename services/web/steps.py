"""Where a case stands among the six progress words."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.cases.models import Case

State = Case.State
# Where each state stands among the six progress words.
STEP_OF = {
    State.RECEIVED: 0,
    State.CORRECTION: 0,
    State.PARKED: 0,
    State.ACCEPTED: 1,
    State.IN_REVIEW: 2,
    State.SPECIAL_PROCEDURE: 3,
    State.APPROVED: 4,
    State.REFUSED: 4,
    State.NOT_ACCEPTED: 4,
    State.WITHDRAWN: 4,
    State.TERMINATED: 4,
    State.TRANSFERRED: 4,
    State.AWAITING_PAYMENT: 4,
    State.CERTIFIED: 4,
    State.DELIVERED: 5,
}
STEPS = ("received", "accepted", "in_review", "special_procedure", "decided", "issued")
SPECIAL = 3


class Step(NamedTuple):
    """One of the six progress words."""

    name: str
    mark: str  # past, now, skipped or ""
    at: datetime | None


def steps_of(case: Case) -> list[Step]:
    """Return where a case stands among the six progress words."""
    at = (
        case.received_at,
        case.accepted_at,
        case.accepted_at,
        case.paused_at,
        case.decided_at or case.ended_at,
        case.delivered_at,
    )
    reached = STEP_OF.get(State(case.state), 0)
    paused = bool(case.paused_at or case.paused_days)
    unaccepted = case.accepted_at is None
    steps = []
    for place, name in enumerate(STEPS):
        skipped = place < reached and (
            (place == SPECIAL and not paused) or (place in (1, 2) and unaccepted)
        )
        mark = "past" if place < reached else "now" if place == reached else ""
        done = mark and not skipped
        steps.append(
            Step(name, "skipped" if skipped else mark, at[place] if done else None)
        )
    return steps
