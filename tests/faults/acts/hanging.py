"""What others notice of a department that hangs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from tests.faults.checker.books import moment
from tests.faults.quiet import wait_until_quiet
from tests.faults.trial import Trial

HANGS = "ga"  # asked without the hub, so that it holds our threads as long as it can
MEASURED, EXTRA = "HZ-130", "HZ-004"  # never asks it; does
HALVES = "ABBAABBA"  # A: it refuses at once, B: it hangs; a drift is in both alike
MODES = {"A": "down", "B": "hang"}
SHARES = {MEASURED: 2, EXTRA: 1}
EACH, WARM_UP = 85, 20  # measured cases in a half
NOT_MEASURED = 3  # times as fast: what comes before the measured part
AT_LEAST = 0.9  # of the others' throughput
NEVER_ASKED = f"""
SELECT count(*) FROM exchange_exchange e JOIN cases_case c ON c.reference = e."case"
  JOIN catalogue_itemversion v ON v.id = c.item_version_id
 WHERE e.department = '{HANGS}' AND v.item_id = '{MEASURED}'
"""
ASKED = f"SELECT count(*) FROM exchange_exchange WHERE department = '{HANGS}'"
OPEN = f"{ASKED} AND settled_at IS NULL"
TIMEOUTS = f"""
SELECT count(*) FROM exchange_attempt a JOIN exchange_exchange e ON e.id = a.exchange_id
 WHERE e.department = '{HANGS}' AND a.code = 'TIMEOUT'
"""
UNDECIDED = f"""
SELECT count(*) FROM cases_case c
  JOIN catalogue_itemversion v ON v.id = c.item_version_id
 WHERE v.item_id = '{MEASURED}' AND c.number IS NOT NULL AND c.decided_at IS NULL
"""
BEGUN = """
SELECT min(started_at) AS at FROM exchange_attempt WHERE started_at >= '{start}'
"""
DECIDED = f"""
SELECT c.number, c.decided_at FROM cases_case c
  JOIN catalogue_itemversion v ON v.id = c.item_version_id
 WHERE v.item_id = '{MEASURED}' AND c.decided_at IS NOT NULL
"""


@dataclass(frozen=True)
class Half:
    """What one half showed of the measured cases."""

    kind: str
    per_second: float
    timeouts: int


def compare_with_a_hanging_department(trial: Trial) -> None:
    """
    F12a: others are decided as fast while one hangs as while it refuses at once.

    In both halves the same cases that never ask it wait with the same cases that do;
    these are decided in neither, so that the work is the same.
    """
    _half(trial, "A", "warm-up", WARM_UP)
    halves = [_half(trial, kind, str(n)) for n, kind in enumerate(HALVES)]
    rates = {
        kind: sorted(one.per_second for one in halves if one.kind == kind)
        for kind in MODES
    }
    share = median(rates["B"]) / median(rates["A"])
    told = "; ".join(
        f"{MODES[kind]} {median(each):.1f}/s ({each[0]:.1f}–{each[-1]:.1f})"
        for kind, each in rates.items()
    )
    trial.note = f"others at {share:.0%} while {HANGS} hung: {told}, by {HALVES}"
    trial.expect(share >= AT_LEAST, trial.note)
    trial.expect(
        trial.hall.books.count(NEVER_ASKED) == 0, f"measured cases asked {HANGS}"
    )
    if not all(one.timeouts for one in halves if one.kind == "B"):
        trial.void = f"{HANGS} was not left hanging in every half"
    trial.ends()


def _half(trial: Trial, kind: str, name: str, count: int = EACH) -> Half:
    """File while nobody works; return how fast the measured cases are then decided."""
    hall, within_s = trial.hall, trial.size.patience_s
    hall.let_work(allowed=False)
    hall.switch(MODES[kind], HANGS)
    before, known = hall.books.count(TIMEOUTS), _decided(trial)
    for item, share in SHARES.items():
        trial.file_some(
            count * share // SHARES[MEASURED],
            name=f"-{name}-{item}",
            item=item,
            times_faster=NOT_MEASURED,
        )
    trial.wait_while_filing()
    start = hall.clock.now()
    hall.let_work(allowed=True)
    hall.wait_until(
        lambda: not hall.books.count(UNDECIDED), within_s=within_s, what="decisions"
    )
    took = _seconds(trial, start, known.keys())
    if kind == "B":
        hall.wait_until(
            lambda: hall.books.count(TIMEOUTS) > before, within_s=15, what="a time-out"
        )
    timeouts = hall.books.count(TIMEOUTS) - before
    hall.switch("up", HANGS)
    wait_until_quiet(hall, within_s=within_s)
    return Half(kind, count / took, timeouts)


def _seconds(trial: Trial, start: datetime, known: Collection[str]) -> float:
    """Return the time from the first question since then to the last decision."""
    words = BEGUN.format(start=start.isoformat(sep=" "))
    [begun] = trial.hall.books.ours(words)
    first = moment(begun["at"])
    assert first is not None
    new = [at for number, at in _decided(trial).items() if number not in known]
    return (max(new) - first).total_seconds()


def _decided(trial: Trial) -> dict[str, datetime]:
    """Return when each measured case was decided."""
    rows = trial.hall.books.ours(DECIDED)
    times = {row["number"]: moment(row["decided_at"]) for row in rows}
    return {number: at for number, at in times.items() if at is not None}
