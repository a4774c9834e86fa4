"""Write a department's own journal: one row for each call that reached it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connections

from services.common.bulk import insert_rows
from services.departments.gateways.contract import Answer
from services.departments.models import Call
from services.departments.router import ALIAS

COLUMNS = ("department", "kind", "at", "seen")
Seen = tuple[str, int, str]  # request id or number, effects, outcome


def note_questions(
    *, department: str, answers: Sequence[Answer], now: datetime
) -> None:
    """Note what was asked and what was meant as the answer; asking changes nothing."""
    seen = [(one.request_id, 0, one.outcome) for one in answers]
    _note(department, Call.Kind.QUESTION, now, seen)


def note_deposits(
    *, department: str, effects: Mapping[str, int], now: datetime
) -> None:
    """Note which certificates came, and how often each changed the register."""
    seen = [(number, count, "KEPT") for number, count in effects.items()]
    _note(department, Call.Kind.DEPOSIT, now, seen)


def _note(department: str, kind: Call.Kind, now: datetime, seen: list[Seen]) -> None:
    row = (department, kind.value, now, json.dumps(seen))
    insert_rows(connections[ALIAS], Call, COLUMNS, [row])
