"""
One checker for all faults: it reads both databases itself and names what is wrong.

(a) filings  (b) states and effects  (c) departments  (d) log  (e) papers
(f) certificates  (g) deadlines
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from tests.faults.checker import (
    cases,
    certificates,
    deadlines,
    departments,
    filings,
    log,
    papers,
)
from tests.faults.checker.evidence import Evidence

AT_MOST = 4  # findings of one kind; more say nothing new
CHECKS: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "a": filings.faults,
    "b": cases.faults,
    "c": departments.faults,
    "d": log.faults,
    "e": papers.faults,
    "f": certificates.faults,
    "g": deadlines.faults,
}


def check(evidence: Evidence) -> list[str]:
    """Return what is wrong, each with its letter; nothing, if nothing was lost."""
    return [
        f"({letter}) {what}"
        for letter, faults in CHECKS.items()
        for what in islice(faults(evidence), AT_MOST)
    ]
