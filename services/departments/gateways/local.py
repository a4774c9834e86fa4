"""The simulated departments, called in process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from services.departments.faults import CONCLUSIONS, SPOILT
from services.departments.gateways.contract import (
    READ_SECONDS,
    UNAVAILABLE,
    Answer,
    Behaviour,
    Deposit,
    Question,
    Receipt,
    Seen,
)
from services.departments.house import behaviours, journal, knows_number
from services.departments.hub import speaker
from services.departments.operations.behave import behave
from services.departments.operations.deposit import take_in
from services.departments.operations.late import hand_over
from services.departments.operations.relay import relay
from services.departments.reply import Reply, Terms, conclude


class LocalGateway:
    """Answers from the departments' own database; `time_scale` 0 answers at once."""

    def __init__(
        self, *, time_scale: float = 0, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._time_scale = time_scale
        self._sleep = sleep

    def ask_many(
        self, *, department: str, questions: Sequence[Question], now: datetime
    ) -> list[Answer]:
        """Return what the department answers; whatever goes wrong is an answer too."""
        if not questions:
            return []
        try:
            reply = relay(
                department=department,
                questions=questions,
                terms=Terms(now, self._time_scale),
            )
        except DatabaseError:
            return [
                Answer(one.request_id, UNAVAILABLE, "SERVER_ERROR") for one in questions
            ]
        reply = self._wait(reply)
        if reply.fails:
            return conclude(
                reply.mode,
                questions,
                via=speaker(department),
                reason=SPOILT.get(reply.mode, ""),
            )
        return list(reply.answers)

    def deposit(self, *, deposits: Sequence[Deposit], now: datetime) -> Receipt:
        """Return what is now known to be kept, or why nothing is known."""
        if not deposits:
            return Receipt(set())
        reply = take_in(
            department=deposits[0].department,
            deposits=deposits,
            terms=Terms(now, self._time_scale),
        )
        reply = self._wait(reply)
        if not reply.fails:
            return Receipt(reply.kept & {one.number for one in deposits})
        outcome, code = CONCLUSIONS[reply.mode]
        return Receipt(set(), code if outcome == UNAVAILABLE else "")

    def known_number(
        self, *, department: str, material: str, number: str, entity: str
    ) -> bool:
        """Return whether the number stands in the register, good or not."""
        return knows_number(
            department=department, material=material, number=number, entity=entity
        )

    def journal(self, *, department: str, since: datetime) -> list[Seen]:
        """Return which request ids the department has seen since then."""
        return journal(department=department, since=since)

    def late_answers(self, *, now: datetime) -> list[tuple[str, Answer]]:
        """Return each answer that came after its call, once, with its department."""
        return hand_over(now=now)

    def behaviours(self) -> list[Behaviour]:
        """Return how everybody behaves who was ever switched, by code."""
        return behaviours()

    def behave(self, *, department: str, changes: Mapping[str, Any]) -> Behaviour:
        """Change these members of a department's behaviour."""
        return behave(department=department, changes=changes)

    def _wait(self, reply: Reply) -> Reply:
        """Take the department's time, once per call, but no longer than we wait."""
        got = reply.cut_off(after=READ_SECONDS)
        if got.seconds:
            self._sleep(got.seconds)
        return got
