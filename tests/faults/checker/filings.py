"""(a) What was acknowledged is there, once, and nothing else is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.checker.evidence import Evidence


def faults(evidence: Evidence) -> Iterator[str]:
    """Compare what clients wrote down with the cases that have a number."""
    yield from _without_a_number(evidence)
    yield from _lost(evidence)
    yield from _twice(evidence)
    yield from _extra(evidence)


def _without_a_number(evidence: Evidence) -> Iterator[str]:
    for line in evidence.journal.which("refused"):
        told = str(line.get("body"))[:300]
        yield f"filing {line['key']} was refused: {line.get('status')} {told}"
    for line in evidence.journal.which("given_up"):
        heard = dict(Counter(line.get("statuses", ())))
        told = str(line.get("body"))[:300]
        yield f"filing {line['key']} was never answered: {heard}, at last {told}"


def _lost(evidence: Evidence) -> Iterator[str]:
    known = {case["number"]: (case["uscc"], case["item"]) for case in evidence.cases}
    for line in evidence.journal.which("acknowledged"):
        if known.get(line["number"]) != (line["uscc"], line["item"]):
            yield f"case {line['number']} was acknowledged for {line['key']}, is gone"


def _twice(evidence: Evidence) -> Iterator[str]:
    """The same key, and the same content, always get the same number."""
    numbers = defaultdict(set)
    for line in evidence.journal.which("acknowledged"):
        if line["key"]:
            numbers["key", line["key"]].add(line["number"])
        numbers["content", line["content"]].add(line["number"])
    for (what, name), got in numbers.items():
        if len(got) > 1:
            yield f"{what} {name} got {len(got)} numbers: {', '.join(sorted(got))}"


def _extra(evidence: Evidence) -> Iterator[str]:
    sent = evidence.journal.which("sent")
    contents = {(line["uscc"], line["item"], line["content"]) for line in sent}
    wanted = Counter((uscc, item) for uscc, item, _ in contents)
    there = Counter((case["uscc"], case["item"]) for case in evidence.cases)
    for (uscc, item), count in there.items():
        if count > wanted[uscc, item]:
            yield f"{count} cases of {uscc} for {item}, {wanted[uscc, item]} wanted"
