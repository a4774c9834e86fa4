"""What comes of a call before it is put on the wire, and what a caller makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.departments.faults import (
    CONCLUSIONS,
    Mode,
    mode_at,
    seconds_taken,
)
from services.departments.gateways.contract import Answer, Question
from services.departments.models import Profile


class Terms(NamedTuple):
    """What holds for one call whoever is called."""

    now: datetime
    time_scale: float = 0  # 1: departments take their time, 0: none
    reply_to: str = ""  # where answers go that come too late for the call


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers, or numbers of kept certificates, or how the call itself goes wrong."""

    signer: str  # the department, or the hub before it
    mode: Mode = Mode.UP
    seconds: float = 0  # until the first byte
    answers: Sequence[Answer] = ()
    kept: frozenset[str] = frozenset()

    @property
    def fails(self) -> bool:
        """Whether the caller gets nothing."""
        return self.mode in CONCLUSIONS

    def cut_off(self, *, after: float) -> Reply:
        """Return what somebody gets who waits so many seconds and no longer."""
        if self.seconds <= after:
            return self
        return replace(self, mode=Mode.HANG, seconds=after)


def meet(profile: Profile, *, call: str, terms: Terms) -> Reply:
    """Return how a department meets a call at this moment, with nothing in it yet."""
    mode = mode_at(Mode(profile.mode), seed=profile.seed, now=terms.now)
    seconds = seconds_taken(
        mode,
        latency_ms=profile.latency_ms,
        p99_ms=profile.p99_ms,
        seed=profile.seed,
        call=f"{call} {terms.now.isoformat()}",
    )
    return Reply(
        signer=profile.department, mode=mode, seconds=seconds * terms.time_scale
    )


def conclude(
    mode: Mode, questions: Sequence[Question], *, via: str = "", reason: str = ""
) -> list[Answer]:
    """Return what a caller must take from a call that went wrong."""
    outcome, code = CONCLUSIONS[mode]
    return [
        Answer(one.request_id, outcome, code, via=via, reason=reason)
        for one in questions
    ]
