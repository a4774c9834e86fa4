"""
When to ask again. Pure, and the same each time: the jitter comes from the id.

Two seconds at first, doubling up to a minute; a refusal is asked again from half a
minute up to five, because only our operators can change it, and so is a hub's copy
that was stale when it came. Once a person of the
department looks, the machine still asks every ten minutes: a late answer counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zlib import crc32

from services.exchange.codes import CODES

SOON = (2.0, 60.0)  # seconds: first wait, longest wait
SLOW = (30.0, 300.0)
JITTER = 0.25  # of the wait, taken off: nobody waits longer than stated
AT_LEAST = timedelta(seconds=1)
WHILE_ASSISTED = timedelta(minutes=10)


def next_attempt_at(
    *, code: str, attempts_made: int, public_id: str, now: datetime
) -> datetime:
    """Return when to ask again after `attempts_made` attempts without an answer."""
    first, longest = SOON if CODES[code].pace == "soon" else SLOW
    wait = min(longest, first * 2 ** min(max(attempts_made - 1, 0), 16))
    share = crc32(f"{public_id}/{attempts_made}".encode()) / 2**32
    return now + timedelta(seconds=wait * (1 - JITTER * share))


def after_promise(
    *, answer_at: datetime, deadline_at: datetime, now: datetime
) -> datetime:
    """Return when to ask after a promise: then, but not past the deadline."""
    due = min(answer_at, deadline_at) if deadline_at > now else answer_at
    return max(due, now + AT_LEAST)
