"""Do in this process what workers would do: for building a demo city and for tests."""

from __future__ import annotations

from datetime import datetime

from services.dispatch.operations.drain import drain
from services.exchange.operations.serve import serve_all

ROUNDS = 50  # a case needs five or six; more means that something goes in circles


def carry_on(*, now: datetime) -> int:
    """Serve and drain until nothing is due; return how many rounds that took."""
    for done in range(ROUNDS):
        answered = serve_all(clock=lambda: now)
        if not drain(now=now, owner="carry_on") and not answered:
            return done
    return ROUNDS
