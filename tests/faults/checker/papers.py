"""(e) Nothing that government issued was asked of an applicant, or stored."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.checker.books import parsed
from tests.faults.checker.evidence import Evidence

GOVERNMENT = "SELECT code FROM catalogue_material WHERE kind = 'government_issued'"
TO_APPLICANT = """
SELECT c.number, t.about, t.kind FROM cases_task t
  JOIN cases_case c ON c.id = t.case_id
 WHERE t.role = 'applicant' AND t.kind IN ('correct', 'supply')
"""
NOTICES = """
SELECT c.number, n.problems FROM cases_correction n
  JOIN cases_case c ON c.id = n.case_id
"""


def faults(evidence: Evidence) -> Iterator[str]:
    """Look at uploads, tasks, notices, and what clients were told."""
    codes = {row["code"] for row in evidence.books.ours(GOVERNMENT)}
    if not codes:
        yield "the catalogue has no government-issued material: nothing was checked"
    for row in evidence.books.ours("SELECT material_code FROM cases_upload"):
        if row["material_code"] in codes:
            yield f"{row['material_code']} was stored as an upload"
    for row in evidence.books.ours(TO_APPLICANT):
        if row["about"] in codes:
            yield f"case {row['number']}: the applicant is to bring {row['about']}"
    for row in evidence.books.ours(NOTICES):
        yield from _named(codes, parsed(row["problems"]), f"case {row['number']}")
    for line in evidence.journal.which("refused"):
        yield from _named(codes, line.get("body"), f"filing {line['key']}")


def _named(codes: set[str], told: object, where: str) -> Iterator[str]:
    """Find pointers to government's materials in what was told."""
    text = str(told)
    for code in codes:
        if f"/materials/{code}" in text or f"/uploads/{code}" in text:
            yield f"{where}: {code} was asked for"
