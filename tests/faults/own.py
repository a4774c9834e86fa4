"""What the system's own checks say of its books, in the end."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.faults.hall import Hall

SHANGHAI = ZoneInfo("Asia/Shanghai")
A_DAY = timedelta(days=1)
LAST_WORDS = 400  # characters of what a check says


def own_checks(hall: Hall) -> list[str]:
    """Run `fsck_log` and `reconcile` over everything; return what they complain of."""
    clock = hall.clock
    real = clock.now() - timedelta(seconds=clock.offset_s)
    first = real + timedelta(seconds=clock.back_s) - A_DAY
    since = first.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    checks = (("fsck_log",), ("reconcile", f"--since={since}"))
    return [
        f"(d) {words[0]} ended with {code}: {said[-LAST_WORDS:]}"
        for words in checks
        for code, said in [hall.manage(*words)]
        if code
    ]
