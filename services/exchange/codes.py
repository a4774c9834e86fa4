"""What each closed code of an answer means for us (domain.md §4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from services.departments.gateways.contract import (
    DEFERRED,
    FOUND,
    NOT_FOUND,
    REFUSED,
    UNAVAILABLE,
)

# Somebody said yes or no; nothing overrules that.
REAL = (FOUND, NOT_FOUND)


class Meaning(NamedTuple):
    """What follows from a code."""

    outcome: str
    fault: str  # us, transport, hub, department, applicant; "" = nobody's
    pace: str  # how soon to ask again: soon, slow, promised, never
    wording: str  # key of the sentence in words.py


CODES: Mapping[str, Meaning] = {
    "": Meaning(FOUND, "", "never", "found"),
    "NO_RECORD": Meaning(NOT_FOUND, "", "never", "no_record"),
    "EXPIRED": Meaning(NOT_FOUND, "applicant", "never", "expired"),
    "REVOKED": Meaning(NOT_FOUND, "applicant", "never", "revoked"),
    "HOLDER_MISMATCH": Meaning(NOT_FOUND, "applicant", "never", "holder_mismatch"),
    "TIMEOUT": Meaning(UNAVAILABLE, "transport", "soon", "unavailable"),
    "CONNECTION": Meaning(UNAVAILABLE, "transport", "soon", "unavailable"),
    "SERVER_ERROR": Meaning(UNAVAILABLE, "department", "soon", "unavailable"),
    "GARBLED": Meaning(UNAVAILABLE, "department", "soon", "garbled"),
    "INCOMPLETE": Meaning(UNAVAILABLE, "department", "soon", "garbled"),
    "NOT_AUTHENTICATED": Meaning(REFUSED, "us", "slow", "refused"),
    "NOT_AUTHORISED": Meaning(REFUSED, "us", "slow", "refused"),
    "INVALID_REQUEST": Meaning(REFUSED, "us", "slow", "refused"),
    "ACCEPTED_FOR_LATER": Meaning(DEFERRED, "", "promised", "deferred"),
}


def is_retryable(code: str) -> bool:
    """Say whether asking again can bring another answer by itself."""
    return CODES[code].pace != "never"
