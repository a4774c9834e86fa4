"""Write a department's own journal: one row for each call that reached it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.departments.gateways.contract import Answer
from services.departments.models import Call


def note_questions(
    *, department: str, answers: Sequence[Answer], now: datetime
) -> None:
    """Note what was asked and what was meant as the answer; asking changes nothing."""
    Call.objects.create(
        department=department,
        kind=Call.Kind.QUESTION,
        at=now,
        seen=[(one.request_id, 0, one.outcome) for one in answers],
    )


def note_deposits(
    *, department: str, effects: Mapping[str, int], now: datetime
) -> None:
    """Note which certificates came, and how often each changed the register."""
    Call.objects.create(
        department=department,
        kind=Call.Kind.DEPOSIT,
        at=now,
        seen=[(number, count, "KEPT") for number, count in effects.items()],
    )
