"""
How a department's system may behave: one closed list. Pure.

A fault either spoils what a register says, or what is answered about it, or the call.
"""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """What a department, or the hub, does with a call."""

    UP = "up"
    # the call
    SLOW = "slow"
    HANG = "hang"
    DOWN = "down"  # the connection is refused
    UNAVAILABLE = "unavailable"  # 503
    RESET = "reset"
    FLAPPING = "flapping"  # up and down by turns
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
    LATE = "late"  # after our time-out
    OUT_OF_ORDER = "out_of_order"
    NOT_AUTHORISED = "not_authorised"
    DEFERRED = "deferred"


FAULTS = tuple(mode.value for mode in Mode if mode != Mode.UP)
