"""How soon a filed case has its four answers while nothing else waits."""

from __future__ import annotations

import statistics
from datetime import timedelta
from time import perf_counter

import psycopg
from django.db import transaction
from django.utils import timezone

from benchmarks.companies import Applicant
from benchmarks.pile import VERIFICATIONS, Pile
from benchmarks.report import Result, result
from benchmarks.rival import Chords
from benchmarks.workers import LOOK_CLOSELY_S, wait_for
from services.cases.models import Case
from services.cases.operations.effects import Effects
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing

ANSWERED_SQL = """
SELECT count(*) FROM exchange_exchange
 WHERE "case" = %s AND settled_at IS NOT NULL"""


class Answered:
    """
    Files one case after the other, each when the last has been delivered.

    Nobody has asked anything for the drafts: all questions go out with the filing.
    """

    def __init__(self, database: str, pile: Pile, chords: Chords) -> None:
        self._pile = pile
        self._chords = chords
        self._watch = psycopg.connect(database, autocommit=True)
        self._runs: list[tuple[float, float]] = []
        self._cases = 0

    def run(self, applicants: list[Applicant]) -> None:
        """Measure one round: our 95th percentile and the rival's median."""
        ours = [self._seconds(applicant) for applicant in applicants]
        rival = self._chords.alone(len(applicants))
        p95 = statistics.quantiles(ours, n=20)[-1]
        self._runs.append((p95 * 1000, statistics.median(rival) * 1000))
        self._cases += len(applicants)

    def result(self) -> Result:
        """Return the result; whose answers are looked at is checked with the pile."""
        self._watch.close()
        return result(
            "answered_p95",
            pairs=self._runs,
            unit="ms",
            checked=f"{self._cases} cases had {VERIFICATIONS} answers each",
        )

    def _seconds(self, applicant: Applicant) -> float:
        draft = self._unasked_draft(applicant)
        started = perf_counter()
        case = file_case(
            case=draft, filing=Filing(), actor=applicant.actor, now=timezone.now()
        )
        wait_for(lambda: self._has_answers(case), every_s=LOOK_CLOSELY_S)
        seconds = perf_counter() - started
        self._pile.cases.append(case.pk)
        self._pile.wait()
        return seconds

    def _has_answers(self, case: Case) -> bool:
        row = self._watch.execute(ANSWERED_SQL, [case.reference]).fetchone()
        return row == (VERIFICATIONS,)

    def _unasked_draft(self, applicant: Applicant) -> Case:
        now = timezone.now()
        draft = Case(
            reference=f"D-{applicant.entity.pk}",
            entity=applicant.entity,
            item_version=self._pile.item,
            opened_by=applicant.actor.id,
            opened_at=now,
            authorised_at=now,
            stated_fields=applicant.fields,
            expires_at=now + timedelta(days=1),
        )
        effects = Effects(actor=applicant.actor, now=now)
        effects.log(draft, "draft.authorised", item=self._pile.item.item_id)
        with transaction.atomic():
            draft.save()
            effects.flush()
        return draft
