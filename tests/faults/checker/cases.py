"""(b) Each case is in one final or waiting state, and each effect happened once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.faults.checker.books import Row, parsed
from tests.faults.checker.evidence import Evidence

ENDED = {"delivered", "refused", "withdrawn", "terminated", "not_accepted"}
# Where a case may rest, and for which open tasks of a named person.
RESTS = {
    "received": {"accept"},
    "in_review": {"confirm", "inspect", "decide", "assist"},
    "awaiting_payment": {"pay"},
    "certified": {"hand_over"},
}


def faults(evidence: Evidence) -> Iterator[str]:
    """Look at where each case rests, at what the log says of it, and at numbers."""
    asked = _with_officers(evidence)
    for case in evidence.cases:
        if not _rests(case, evidence.open_tasks.get(case["id"], set()), asked):
            yield f"case {case['number']} hangs: {_picture(case, evidence)}"
    yield from _effects(evidence)
    yield from _numbers(evidence)
    yield from _parked_messages(evidence)


def _rests(case: Row, tasks: set[str], asked: set[str]) -> bool:
    state = case["state"]
    if state in ENDED:
        return case["ended_at"] is not None
    if state == "parked":
        return bool(parsed(case["waits_for"]))
    return bool(tasks & RESTS.get(state, set())) or (
        state == "in_review" and case["reference"] in asked
    )


def _picture(case: Row, evidence: Evidence) -> str:
    """Return what one should know of a case that hangs."""
    words = f"""
    SELECT name, state FROM cases_requirement WHERE case_id = {case["id"]}
    UNION ALL
    SELECT department, state || ' ' || outcome || ' ' || code
      FROM exchange_exchange WHERE "case" = '{case["reference"]}'
    UNION ALL
    SELECT kind, result FROM cases_task WHERE case_id = {case["id"]}
    """
    told = [f"{row['name']}={row['state']}" for row in evidence.books.ours(words)]
    return f"{case['item']} {case['state']} {', '.join(told)}"


def _with_officers(evidence: Evidence) -> set[str]:
    """Return the cases for which an officer of a department looks."""
    words = """
    SELECT e."case" AS name FROM exchange_assistrequest r
      JOIN exchange_exchange e ON e.id = r.exchange_id WHERE r.closed_at IS NULL
    """
    return {row["name"] for row in evidence.books.ours(words)}


def _effects(evidence: Evidence) -> Iterator[str]:
    """What the tables say has happened stands in the log just as often."""
    decided = _per_case(evidence, "cases_decision")
    issued = _per_case(evidence, "cases_certificate")
    logged = {
        event: evidence.logged(event)
        for event in ("filed", "accepted", "decided", "delivered")
        for event in [f"case.{event}"]
    }
    logged["certificate.issued"] = evidence.logged("certificate.issued")
    for case in evidence.cases:
        expected = {
            "case.filed": 1,
            "case.accepted": int(case["accepted_at"] is not None),
            "case.decided": decided[case["id"]],
            "certificate.issued": issued[case["id"]],
            "case.delivered": int(case["delivered_at"] is not None),
        }
        for event, times in expected.items():
            found = logged[event].get(case["reference"], 0)
            if found != times:
                yield f"case {case['number']}: {event} {found} times, not {times}"


def _per_case(evidence: Evidence, table: str) -> Counter[int]:
    words = f"SELECT case_id, count(*) AS n FROM {table} GROUP BY case_id"
    return Counter({row["case_id"]: row["n"] for row in evidence.books.ours(words)})


def _numbers(evidence: Evidence) -> Iterator[str]:
    """A used number has its case; in the end, one without a case is void."""
    cases = {case["number"] for case in evidence.cases}
    words = "SELECT number, used_at, voided_at FROM cases_casenumber"
    for row in evidence.books.ours(words):
        used = row["used_at"] is not None
        if used != (row["number"] in cases):
            yield f"number {row['number']} is used without a case, or the reverse"
        if evidence.timers and not used and row["voided_at"] is None:
            yield f"number {row['number']} is neither used nor void"


def _parked_messages(evidence: Evidence) -> Iterator[str]:
    words = """
    SELECT task, parked_reason FROM dispatch_outboxmessage
     WHERE parked_at IS NOT NULL
    """
    for row in evidence.books.ours(words):
        yield f"a message for {row['task']} is parked: {row['parked_reason']}"
