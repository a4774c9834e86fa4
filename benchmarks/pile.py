"""Cases that pile up before a worker, the time it takes for them, and their check."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from django.db.models import Count
from django.utils import timezone

from benchmarks.companies import Applicant
from benchmarks.filed import opened_draft
from benchmarks.workers import pause, resume, wait_for
from onelicense.celery import app
from onelicense.stack import NODE
from services.cases.models import Case, Certificate
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.catalogue.models import ItemVersion
from services.departments.models import Record
from services.exchange.models import Exchange
from services.ledger.check import check_log
from services.ledger.models import LogEntry
from services.ledger.operations.sequence import sequence_pending

QUEUE = "bell"
VERIFICATIONS = 4
# What the log holds about each case in the end, and how often.
LOGGED = {
    "draft.authorised": 1,
    "exchange.intended": VERIFICATIONS,
    "case.filed": 1,
    "case.accepted": 1,
    "exchange.answered": VERIFICATIONS,
    "case.moved": 2,  # into review, and to the certificate
    "case.decided": 1,
    "certificate.issued": 1,
    "certificate.deposited": 1,
    "case.delivered": 1,
}
# Named one by one, so that looking costs an index scan however many are delivered.
UNDELIVERED = sorted(set(Case.State.values) - {Case.State.DELIVERED})


class Pile:
    """Files cases while the worker is held back, then takes the time they need."""

    def __init__(self, item: ItemVersion) -> None:
        self.item = item
        self.cases: list[int] = []

    def run(self, applicants: list[Applicant]) -> float:
        """Return cases per second, from letting the worker go to the last delivery."""
        pause(app, NODE, QUEUE)
        for applicant in applicants:
            draft = opened_draft(applicant, self.item)
            case = file_case(
                case=draft, filing=Filing(), actor=applicant.actor, now=timezone.now()
            )
            self.cases.append(case.pk)
        started = resume(app, NODE, QUEUE)
        self.wait()
        rate = len(applicants) / (perf_counter() - started)
        app.control.purge()
        return rate

    def wait(self) -> None:
        """Wait until every case there is has been delivered."""
        wait_for(lambda: not Case.objects.filter(state__in=UNDELIVERED).exists())

    def check(self) -> str:
        """Check cases, evidence, certificates and log; say what was found."""
        count = len(self.cases)
        references = _answered_cases(self.cases)
        assert len(references) == count, "not every case was delivered"
        _check_certificates(self.cases)
        entries = _check_log(references)
        return (
            f"{count} cases delivered, {VERIFICATIONS} evidences and one certificate "
            f"kept for each; log of {entries} entries complete and clean"
        )


def _answered_cases(cases: list[int]) -> list[str]:
    delivered = Case.objects.filter(pk__in=cases, state=Case.State.DELIVERED)
    references = list(delivered.values_list("reference", flat=True))
    found = (
        Exchange.objects.filter(case__in=references, outcome="FOUND", reused=False)
        .values_list("case")
        .annotate(evidences=Count("evidence", distinct=True))
    )
    assert dict(found) == dict.fromkeys(references, VERIFICATIONS)
    return references


def _check_certificates(cases: list[int]) -> None:
    kept_by_us = Certificate.objects.filter(case__in=cases, deposited_at__isnull=False)
    numbers = set(kept_by_us.values_list("number", flat=True))
    assert len(numbers) == len(cases), "not one certificate for each case"
    kept = Record.objects.filter(number__in=numbers).values_list("number")
    assert kept.distinct().count() == len(numbers), "the register lacks certificates"


def _check_log(references: list[str]) -> int:
    entries = LogEntry.objects.filter(case__in=references)
    counts = Counter(entries.values_list("type", flat=True))
    assert counts == {e: n * len(references) for e, n in LOGGED.items()}, counts
    while sequence_pending(now=timezone.now()):
        pass
    verdict = check_log()
    assert not verdict.differences, verdict.differences[:3]
    return verdict.size
