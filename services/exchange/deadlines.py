"""
Our own time limits against each other; theirs against ours: departments.

Every door that starts something (web server, worker) comes by `require_fit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.core import checks

from services.departments.checks import check_agreement
from services.departments.gateways.contract import (
    CONNECT_SECONDS,
    READ_SECONDS,
    TOTAL_SECONDS,
)
from services.exchange import breaker
from services.exchange.claim import LEASE

SETTLING = timedelta(seconds=5)  # to write two hundred answers, on a slow day


def contradictions(
    *,
    connect: float = CONNECT_SECONDS,
    read: float = READ_SECONDS,
    total: float = TOTAL_SECONDS,
    lease: timedelta = LEASE,
    probe: timedelta = breaker.PROBE,
) -> Iterator[str]:
    """Yield what cannot work, one line each. The first three are in seconds."""
    call = timedelta(seconds=total)
    if not (0 < connect <= total and 0 < read <= total):
        yield f"a call may take {total} s, its parts {connect} s and {read} s"
    if lease < call + SETTLING:
        yield f"a lease of {lease} ends before a call of {call} is settled"
    if probe < lease:
        yield f"a probe is given up after {probe}, though its lease runs {lease}"


def check_deadlines(**_options: object) -> list[checks.CheckMessage]:
    """Stop the start with one line per contradiction."""
    return [checks.Error(text, id="exchange.E001") for text in contradictions()]


def require_fit() -> None:
    """
    Stop the start of a server or a worker with one line.

    :raises SystemExit: unless our time limits fit, and departments agree or are away.
    """
    for message in (*check_deadlines(), *check_agreement()):
        if message.is_serious():
            raise SystemExit(f"onelicense: {message.msg}")
