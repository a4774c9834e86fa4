"""
How a department's system may behave: one closed list, and what each fault does. Pure.

A fault spoils the call, what the register says, the bytes of an answer, or the
answers. The same seed spoils the same questions in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import exp, log
from random import Random

from services.departments.gateways.contract import (
    READ_SECONDS,
    REFUSED,
    UNAVAILABLE,
    Answer,
    Question,
)
from services.departments.gateways.judging import Holding


class Mode(StrEnum):
    """What a department, or the hub, does with a call."""

    UP = "up"
    # the call
    SLOW = "slow"
    HANG = "hang"
    DOWN = "down"  # the connection is closed at once
    UNAVAILABLE = "unavailable"  # 503
    RESET = "reset"
    FLAPPING = "flapping"  # up and down by turns
    NOT_AUTHORISED = "not_authorised"
    LATE = "late"  # answers after our time-out
    # what the register says
    WRONG_HOLDER = "wrong_holder"
    OUTDATED_NAME = "outdated_name"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NO_RECORD = "no_record"
    # the bytes of an answer
    BAD_JSON = "bad_json"
    HTML = "html"  # with status 200
    HUGE = "huge"  # 10 MB
    TRUNCATED = "truncated"
    # the answers
    INCOMPLETE = "incomplete"
    WRONG_REQUEST_ID = "wrong_request_id"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out_of_order"
    DEFERRED = "deferred"


FAULTS = tuple(mode.value for mode in Mode if mode != Mode.UP)

#: The department has not even seen the call.
UNSEEN = frozenset({Mode.DOWN, Mode.UNAVAILABLE, Mode.HANG})
#: What a register says is as good as ever.
SOUND = frozenset({Mode.UP, Mode.SLOW})
#: What a caller must conclude where the call itself goes wrong: outcome and code.
CONCLUSIONS: Mapping[Mode, tuple[str, str]] = {
    Mode.DOWN: (UNAVAILABLE, "CONNECTION"),
    Mode.RESET: (UNAVAILABLE, "CONNECTION"),
    Mode.UNAVAILABLE: (UNAVAILABLE, "SERVER_ERROR"),
    Mode.HANG: (UNAVAILABLE, "TIMEOUT"),
    Mode.LATE: (UNAVAILABLE, "TIMEOUT"),
    Mode.BAD_JSON: (UNAVAILABLE, "GARBLED"),
    Mode.HTML: (UNAVAILABLE, "GARBLED"),
    Mode.HUGE: (UNAVAILABLE, "GARBLED"),
    Mode.TRUNCATED: (UNAVAILABLE, "GARBLED"),
    Mode.NOT_AUTHORISED: (REFUSED, "NOT_AUTHORISED"),
}
#: What a caller sees in the bytes of such an answer.
SPOILT: Mapping[Mode, str] = {
    Mode.BAD_JSON: "not_json",
    Mode.HTML: "not_json",
    Mode.HUGE: "too_large",
    Mode.TRUNCATED: "cut_short",
}
#: The hub holds no register, makes no promises and keeps nothing back.
OF_THE_HUB = frozenset(Mode) - {
    Mode.LATE,
    Mode.DEFERRED,
    Mode.WRONG_HOLDER,
    Mode.OUTDATED_NAME,
    Mode.EXPIRED,
    Mode.REVOKED,
    Mode.NO_RECORD,
}

FLAP_SECONDS = 10
OF_A_HUNDRED = 2.326  # standard deviations to the 99th percentile


def mode_at(mode: Mode, *, seed: int, now: datetime) -> Mode:
    """Return how a department behaves at this moment: who flaps is up or down."""
    if mode != Mode.FLAPPING:
        return mode
    turn = int(now.timestamp() // FLAP_SECONDS)
    return Mode.UP if _coin(seed, turn) else Mode.DOWN


def seconds_taken(
    mode: Mode, *, latency_ms: int, p99_ms: int, seed: int, call: str
) -> float:
    """
    Return how long a department thinks about a call.

    Who is slow takes log-normal times around `latency_ms`; one call in a hundred takes
    `p99_ms` or longer.

    :param call: which one it is.
    """
    if mode in (Mode.HANG, Mode.LATE):
        return READ_SECONDS
    if mode in UNSEEN:
        return 0
    median = latency_ms / 1000
    if mode != Mode.SLOW or p99_ms <= latency_ms:
        return median
    sigma = log(p99_ms / max(latency_ms, 1)) / OF_A_HUNDRED
    return median * exp(_random(seed, call).gauss(0, sigma))


def spoil_holdings(
    mode: Mode, question: Question, held: list[Holding], today: date
) -> list[Holding]:
    """Return what the register wrongly holds for a question."""
    if mode == Mode.NO_RECORD:
        return []
    if mode == Mode.WRONG_HOLDER:
        return [holding._replace(entity="somebody else") for holding in held]
    if mode == Mode.OUTDATED_NAME:
        former = next(iter(question.former_names), f"{question.holder_name}（旧）")
        return [holding._replace(holder_name=former) for holding in held]
    if mode == Mode.EXPIRED:
        yesterday = today - timedelta(days=1)
        return [holding._replace(valid_until=yesterday) for holding in held]
    if mode == Mode.REVOKED:
        return [holding._replace(status="revoked") for holding in held]
    return held


def spoil_answers(
    mode: Mode, answers: Sequence[Answer], *, seed: int
) -> Sequence[Answer]:
    """Return what is sent instead of these answers."""
    if mode == Mode.WRONG_REQUEST_ID:
        return [replace(one, request_id=f"{one.request_id}x") for one in answers]
    if mode == Mode.DUPLICATE:
        return [*answers, *answers]
    if mode == Mode.OUT_OF_ORDER:
        return sorted(answers, key=lambda one: _random(seed, one.request_id).random())
    if mode == Mode.INCOMPLETE:
        kept = [one for one in answers if _coin(seed, one.request_id)]
        return kept if len(kept) < len(answers) else answers[1:]
    return answers


def _coin(seed: int, what: object) -> bool:
    return _random(seed, what).choice((True, False))


def _random(seed: int, what: object) -> Random:
    return Random(f"{seed}:{what}")  # noqa: S311
