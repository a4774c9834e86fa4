"""What beat does: one tick a second, whatever is done to the clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import schedule

_begun_at = datetime.now(UTC)
_begun_s = time.monotonic()


def steady_now() -> datetime:
    """Return a time that only goes on: for a clock put back, beat would wait."""
    return _begun_at + timedelta(seconds=time.monotonic() - _begun_s)


TICK: dict[str, Any] = {
    "task": "dispatch.tick",
    "schedule": schedule(1.0, nowfun=steady_now),
    # After a while without a worker there is no crowd of them.
    "options": {"expires": 30},
}
HEARTBEAT: dict[str, Any] = {
    # In memory: a file may be broken by a kill, or full, or from another time.
    "beat_scheduler": "celery.beat:Scheduler",
    "beat_schedule": {"tick": TICK},
    "result_expires": None,  # no results, so no daily cleaning, which goes by a clock
}
