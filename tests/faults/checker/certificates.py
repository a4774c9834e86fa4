"""(f) Each approved case has one certificate, and its office keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.faults.checker.books import Row
from tests.faults.checker.evidence import Evidence

APPROVED = """
SELECT c.id, c.number FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
 WHERE d.kind = 'approved' AND c.state <> 'awaiting_payment'
"""
CERTIFICATES = "SELECT case_id, number, deposited_at FROM cases_certificate"
ORDERS = "SELECT number, kept_at FROM exchange_depositorder"

KEPT = 'SELECT "case" FROM exchange_depositorder WHERE kept_at IS NOT NULL'


def faults(evidence: Evidence) -> Iterator[str]:
    """Compare approvals with certificates, and these with what was deposited."""
    certificates = evidence.books.ours(CERTIFICATES)
    yield from _one_per_approval(evidence, certificates)
    for number, times in Counter(row["number"] for row in certificates).items():
        if times > 1:
            yield f"certificate {number} was made {times} times"
    orders = {row["number"]: row["kept_at"] for row in evidence.books.ours(ORDERS)}
    for row in certificates:
        if orders.get(row["number"]) is None or row["deposited_at"] is None:
            yield f"certificate {row['number']} was not deposited"
    yield from _logged(evidence)


def _logged(evidence: Evidence) -> Iterator[str]:
    """Each certificate that its office keeps stands in the log as deposited, once."""
    kept = Counter(row["case"] for row in evidence.books.ours(KEPT))
    logged = Counter(evidence.logged("certificate.deposited"))
    for case in kept.keys() | logged.keys():
        if kept[case] != logged[case]:
            yield f"{case}: {kept[case]} certificates kept, {logged[case]} logged"


def _one_per_approval(evidence: Evidence, certificates: list[Row]) -> Iterator[str]:
    made = Counter(row["case_id"] for row in certificates)
    approved = {row["id"]: row["number"] for row in evidence.books.ours(APPROVED)}
    for case, number in approved.items():
        if made[case] != 1:
            yield f"case {number} was approved and has {made[case]} certificates"
    for row in certificates:
        if row["case_id"] not in approved:
            yield f"certificate {row['number']} of a case that was not approved"
