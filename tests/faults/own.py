"""What the system's own checks say of its books, in the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.faults.hall import Hall

SHANGHAI = ZoneInfo("Asia/Shanghai")
A_DAY = timedelta(days=1)
LAST_WORDS = 400  # characters of what a check says


def own_checks(hall: Hall) -> list[str]:
    """Run `fsck_log` and `reconcile` over everything, at once; return complaints."""
    clock = hall.clock
    real = clock.now() - timedelta(seconds=clock.offset_s)
    first = real + timedelta(seconds=clock.back_s) - A_DAY
    since = first.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    checks = (("fsck_log",), ("reconcile", f"--since={since}"))
    with ThreadPoolExecutor(len(checks)) as pool:
        ended = list(pool.map(lambda words: hall.manage(*words), checks))
    return [
        f"(d) {words[0]} ended with {code}: {said[-LAST_WORDS:]}"
        for words, (code, said) in zip(checks, ended, strict=True)
        if code
    ]
