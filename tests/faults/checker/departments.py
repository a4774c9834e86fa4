"""(c) Each department saw each request, and did at most one thing for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from tests.faults.checker.books import parsed
from tests.faults.checker.evidence import Evidence

HUB = "hub"  # what stands behind it is asked through it
CALLS = "SELECT department, kind, seen FROM departments_call"
ANSWERED = """
SELECT e.public_id, e.department FROM exchange_exchange e
 WHERE NOT e.reused AND e.state = 'settled' AND NOT EXISTS (
       SELECT 1 FROM exchange_assistrequest r
        WHERE r.exchange_id = e.id AND r.closed_by NOT IN ('', 'system'))
"""
ASKED = "SELECT public_id, department FROM exchange_exchange WHERE NOT reused"
ORDERS = "SELECT number, material, department, payload FROM exchange_depositorder"
DEPOSITED = """
SELECT number, material, subject_kind, subject_key, count(*) AS n
  FROM departments_record WHERE deposited_at IS NOT NULL
 GROUP BY number, material, subject_kind, subject_key
"""


def faults(evidence: Evidence) -> Iterator[str]:
    """Hold our questions and deposits against the departments' own journals."""
    yield from _questions(evidence)
    yield from _deposits(evidence)


def _questions(evidence: Evidence) -> Iterator[str]:
    seen, effects = _journals(evidence)
    for row in evidence.books.ours(ANSWERED):
        places = (row["department"], HUB)  # which answers from its copies
        if not any(row["public_id"] in seen["question", place] for place in places):
            yield f"{row['department']} never saw {row['public_id']}, which it answered"
    asked = {row["public_id"]: row["department"] for row in evidence.books.ours(ASKED)}
    for department, name in _put_to(seen):
        if name not in asked or department not in (HUB, asked[name]):
            yield f"{department} was asked {name}, of which we know nothing"
    for (kind, department, name), times in effects.items():
        if times > 1:
            yield f"{department}: {kind} {name} had {times} effects"


def _put_to(seen: Mapping[tuple[str, str], set[str]]) -> Iterator[tuple[str, str]]:
    for (kind, department), names in seen.items():
        if kind == "question":
            yield from ((department, name) for name in names)


def _journals(
    evidence: Evidence,
) -> tuple[dict[tuple[str, str], set[str]], Counter[tuple[str, str, str]]]:
    """Return what each department saw, and how often it did something for it."""
    seen = defaultdict(set)
    effects: Counter[tuple[str, str, str]] = Counter()
    for row in evidence.books.theirs(CALLS):
        for request_id, did, *_ in parsed(row["seen"]):
            seen[row["kind"], row["department"]].add(request_id)
            effects[row["kind"], row["department"], request_id] += did
    return seen, effects


def _deposits(evidence: Evidence) -> Iterator[str]:
    """What offices keep of ours is what was ordered, once for each subject."""
    kept = {
        (row["number"], row["material"], f"{row['subject_kind']}:{row['subject_key']}")
        for row in evidence.books.theirs(DEPOSITED)
    }
    ordered = {
        (row["number"], row["material"], one["subject"])
        for row in evidence.books.ours(ORDERS)
        for one in parsed(row["payload"])
    }
    for number, *_ in ordered - kept:
        yield f"certificate {number} is not on its office's register"
    for number, *_ in kept - ordered:
        yield f"certificate {number} is on a register, and was never ordered"
