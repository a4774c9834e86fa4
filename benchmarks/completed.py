"""Waiting cases of four verifications completed per second, against Celery chords."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from time import perf_counter, sleep

from celery import Celery
from django.db.models import Count
from django.utils import timezone

from benchmarks.companies import Applicant
from benchmarks.filed import UNIT, opened_draft
from benchmarks.report import Result, result
from benchmarks.servers import NODE, RIVAL_NODE, RIVAL_QUEUE, Servers, wait_until_up
from onelicense.celery import app as our_app
from services.cases.models import Case, Certificate
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.catalogue.models import ItemVersion
from services.departments.models import Record
from services.exchange.models import Exchange
from services.ledger.check import check_log
from services.ledger.models import LogEntry
from services.ledger.operations.sequence import sequence_pending

VERIFICATIONS = 4
PATIENCE_S = 300
LOOK_S = 0.02
# What the log holds about each case in the end, and how often.
LOGGED = {
    "draft.authorised": 1,
    "exchange.intended": VERIFICATIONS,
    "case.filed": 1,
    "case.accepted": 1,
    "exchange.answered": VERIFICATIONS,
    "case.decided": 1,
    "certificate.issued": 1,
    "certificate.deposited": 1,
    "case.delivered": 1,
}


class Completed:
    """Lets cases pile up before an idle worker, then takes the time they need."""

    def __init__(self, running: Servers, item: ItemVersion) -> None:
        from benchmarks.chord import app as rival_app

        self._running = running
        self._item = item
        self._rival_app = rival_app
        self._broker = running.broker_client()
        self._cases: list[int] = []

    def start(self) -> None:
        """Start both workers; ours first finishes what was filed before."""
        self._running.stack.start_worker()
        self._running.start_rival()
        wait_until_up(self._rival_app, RIVAL_NODE)
        _wait_for(lambda: not self._undelivered())
        self._rival(50)

    def run(self, applicants: list[Applicant]) -> tuple[float, float]:
        """Return cases per second of ours, and chords per second of the rival."""
        return self._ours(applicants), self._rival(len(applicants))

    def _ours(self, applicants: list[Applicant]) -> float:
        _pause(our_app, NODE, "bell")
        for applicant in applicants:
            draft = opened_draft(applicant, self._item)
            case = file_case(
                case=draft, filing=Filing(), actor=applicant.actor, now=timezone.now()
            )
            self._cases.append(case.pk)
        started = _resume(our_app, NODE, "bell")
        _wait_for(lambda: not self._undelivered())
        rate = len(applicants) / (perf_counter() - started)
        our_app.control.purge()
        return rate

    def _rival(self, count: int) -> float:
        from benchmarks.chord import send_chord

        _pause(self._rival_app, RIVAL_NODE, RIVAL_QUEUE)
        ends = [f"celery-task-meta-{send_chord()}" for _ in range(count)]
        started = _resume(self._rival_app, RIVAL_NODE, RIVAL_QUEUE)
        _wait_for(lambda: self._broker.exists(*ends) == count)
        return count / (perf_counter() - started)

    def _undelivered(self) -> bool:
        return Case.objects.exclude(state=Case.State.DELIVERED).exists()

    def result(self, runs: list[tuple[float, float]]) -> Result:
        """Check every case that was completed, and return the result."""
        count = len(self._cases)
        self._check_cases()
        entries = self._check_log()
        return result(
            "completed",
            pairs=runs,
            unit=UNIT,
            checked=f"{count} cases delivered, {VERIFICATIONS} evidences and one "
            f"certificate kept for each; log of {entries} entries complete and clean",
        )

    def _check_cases(self) -> None:
        cases = Case.objects.filter(pk__in=self._cases)
        references = list(cases.values_list("reference", flat=True))
        found = (
            Exchange.objects.filter(case__in=references, outcome="FOUND", reused=False)
            .values_list("case")
            .annotate(evidences=Count("evidence", distinct=True))
        )
        assert dict(found) == dict.fromkeys(references, VERIFICATIONS)
        certificates = Certificate.objects.filter(
            case__in=self._cases, deposited_at__isnull=False
        )
        numbers = set(certificates.values_list("number", flat=True))
        assert len(numbers) == len(self._cases)
        kept = Record.objects.filter(number__in=numbers).values_list("number")
        assert kept.distinct().count() == len(numbers)

    def _check_log(self) -> int:
        references = Case.objects.filter(pk__in=self._cases).values("reference")
        entries = LogEntry.objects.filter(case__in=references)
        counts = Counter(entries.values_list("type", flat=True))
        for event, times in LOGGED.items():
            assert counts[event] == times * len(self._cases), event
        while sequence_pending(now=timezone.now()):
            pass
        verdict = check_log()
        assert not verdict.differences, verdict.differences[:3]
        return verdict.size


def _pause(app: Celery, node: str, queue: str) -> None:
    """Let a worker leave its queue alone; wait until it says so."""
    if not app.control.cancel_consumer(
        queue, destination=[node], reply=True, timeout=5
    ):
        sys.exit(f"{node} does not answer")


def _resume(app: Celery, node: str, queue: str) -> float:
    """Let a worker at its queue; return when it was told."""
    started = perf_counter()
    app.control.add_consumer(queue, destination=[node])
    return started


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = perf_counter() + PATIENCE_S
    while not condition():
        if perf_counter() > deadline:
            sys.exit(f"not done after {PATIENCE_S} s")
        sleep(LOOK_S)
