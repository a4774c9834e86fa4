"""The instant at which tests happen unless they say otherwise."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

#: A Monday, an ordinary working day, at noon.
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)


def at(instant: datetime) -> Callable[[], datetime]:
    """Return a clock that shows one instant."""
    return lambda: instant
