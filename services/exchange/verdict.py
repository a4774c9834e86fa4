"""What becomes of an exchange once it was answered. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.departments.gateways.contract import DEFERRED, REFUSED, Answer
from services.exchange.codes import REAL
from services.exchange.retry import WHILE_ASSISTED, after_promise, next_attempt_at

WAITING, SETTLED, ASSISTED = "waiting", "settled", "assisted"


class Asked(NamedTuple):
    """What stood before the answer came."""

    public_id: str
    state: str
    deadline_at: datetime
    attempts_made: int  # before this one


class Verdict(NamedTuple):
    """The new state, and when to ask again while nobody has answered."""

    state: str
    next_attempt_at: datetime


def judge(
    asked: Asked, answer: Answer, now: datetime, *, stale: bool = False
) -> Verdict:
    """
    Settle on a real answer; else ask again, and call a person at the deadline.

    A hub's copy that was stale when it came settles nothing: it may be long untrue.
    """
    if answer.outcome in REAL and not stale:
        return Verdict(SETTLED, now)
    late = asked.state == ASSISTED or now >= asked.deadline_at
    return Verdict(ASSISTED if late else WAITING, _again(asked, answer, now, late=late))


def _again(asked: Asked, answer: Answer, now: datetime, *, late: bool) -> datetime:
    if answer.outcome == DEFERRED and answer.answer_at is not None:
        return after_promise(
            answer_at=answer.answer_at, deadline_at=asked.deadline_at, now=now
        )
    if late:
        return now + WHILE_ASSISTED
    return next_attempt_at(
        code=answer.code,
        attempts_made=asked.attempts_made + 1,
        public_id=asked.public_id,
        now=now,
    )


def event_type(answer: Answer) -> str:
    """Return how the log names this answer; a timeout is only a presumption."""
    if answer.code == "GARBLED":
        return "exchange.quarantined"
    if answer.outcome == REFUSED:
        return "exchange.refused"
    return "exchange.presumed" if answer.code == "TIMEOUT" else "exchange.answered"
