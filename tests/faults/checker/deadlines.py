"""(g) Accepted or told in time, escalated when overdue, and dated rightly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.faults.checker.books import Row, day, moment
from tests.faults.checker.calendar import working_day_after
from tests.faults.checker.evidence import Evidence

SHANGHAI = ZoneInfo("Asia/Shanghai")
ACCEPTANCE_DAYS = 5
SLACK = timedelta(seconds=5)
UNDECIDED = {"accepted", "in_review", "special_procedure"}
TOLD = """
SELECT case_id, about, assignee_name, due_on FROM cases_task WHERE kind = 'supervise'
"""


def faults(evidence: Evidence) -> Iterator[str]:
    """Compare each case's dates with the calendar, and the clock with both."""
    acknowledged = _acknowledged(evidence)
    told = {(row["case_id"], row["about"]): row for row in evidence.books.ours(TOLD)}
    overdue = evidence.logged("clock.overdue")
    for case in evidence.cases:
        yield from _dates(case)
        yield from _receipt(case, acknowledged.get(case["number"]), evidence)
        if evidence.timers:
            yield from _accepted_in_time(case, evidence)
            yield from _escalated(case, told, overdue, evidence)


def _dates(case: Row) -> Iterator[str]:
    accepted = moment(case["accepted_at"])
    complete = moment(case["complete_at"])
    if accepted is not None:
        promised = working_day_after(_local(accepted), case["promised_days"])
        if day(case["promised_on"]) != promised:
            yield f"case {case['number']}: promised {case['promised_on']}, {promised}"
        if case["deemed_accepted"] and accepted != complete:
            yield f"case {case['number']} counts as accepted at the wrong time"
    elif case["accept_by"] is not None and complete is not None:
        due = working_day_after(_local(complete), ACCEPTANCE_DAYS)
        if _local(moment(case["accept_by"])) != due:
            yield f"case {case['number']}: accepted by {case['accept_by']}, not {due}"


def _receipt(case: Row, times: list[float] | None, evidence: Evidence) -> Iterator[str]:
    """It was received between the first attempt and the acknowledgement."""
    received = moment(case["received_at"])
    if times is None or received is None:
        return
    back, on = evidence.moved
    first = datetime.fromtimestamp(times[0], tz=SHANGHAI) + back - SLACK
    last = datetime.fromtimestamp(times[1], tz=SHANGHAI) + on + SLACK
    if not first <= received <= last:
        yield f"case {case['number']} was received at {received}, not {first}–{last}"


def _accepted_in_time(case: Row, evidence: Evidence) -> Iterator[str]:
    """After five working days a case is accepted, or somebody told the applicant."""
    complete = moment(case["complete_at"])
    if case["state"] != "received" or complete is None:
        return
    due = working_day_after(_local(complete), ACCEPTANCE_DAYS)
    if due < _local(evidence.now):
        yield f"case {case['number']} was to be accepted by {due}"


def _escalated(
    case: Row,
    told: dict[tuple[int, str], Row],
    overdue: dict[str, int],
    evidence: Evidence,
) -> Iterator[str]:
    stages = [
        stage
        for stage in ("promised_on", "statutory_on")
        if case["state"] in UNDECIDED
        and (due := day(case[stage])) is not None
        and due < _local(evidence.now)
    ]
    for stage in stages:
        task = told.get((case["id"], stage))
        if task is None or not task["assignee_name"]:
            yield f"case {case['number']} is overdue ({stage}), and nobody was told"
        elif day(task["due_on"]) != day(case[stage]):
            yield f"case {case['number']}: its {stage} was told wrongly"
    if overdue.get(case["reference"], 0) != len(stages) and case["decided_at"] is None:
        times = overdue.get(case["reference"], 0)
        yield f"case {case['number']}: overdue logged {times} times, not {len(stages)}"


def _acknowledged(evidence: Evidence) -> dict[str, list[float]]:
    """Return by number when it was first sent and first acknowledged."""
    sent: dict[str, float] = {}
    times: dict[str, list[float]] = {}
    for line in evidence.journal.lines:
        if line["what"] == "sent":
            sent.setdefault(line["content"], line["at"])
        elif line["what"] == "acknowledged":
            times.setdefault(line["number"], [sent[line["content"]], line["at"]])
    return times


def _local(instant: datetime | None) -> date:
    assert instant is not None
    return instant.astimezone(SHANGHAI).date()
