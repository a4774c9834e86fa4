"""What the pages of one case show, to its company and to its office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.utils import timezone
from django_stubs_ext import StrPromise

from services.cases import clock
from services.cases.evidence import standing
from services.cases.models import Case, Correction, Task, Upload
from services.cases.plans import case_definition, plan_case
from services.cases.queries.deadline import days_left, promise_explained
from services.cases.queries.summary import CaseSummary, Verification, summary
from services.cases.transitions import ENDED, actions_for
from services.catalogue.definition import Definition
from services.catalogue.queries import one_catalogue
from services.common.actors import Actor
from services.common.language import local
from services.exchange.flags import FLAGS
from services.ledger.queries import LogLine, entries_of_case
from services.web.names import department_name, material_name
from services.web.problems import Told
from services.web.stated import Stated, stated
from services.web.steps import Step, steps_of

SOON_DAYS = 2
WHERE_FROM = {"by_officer", "reused", "late", "hub_copy", "deferred"}


class Logged(NamedTuple):
    """One line of the history, with what it is about and which department spoke."""

    line: LogLine
    material: str
    department: str


class Flag(NamedTuple):
    """What a clerk has to know about an answer."""

    code: str
    words: StrPromise

    @property
    def calm(self) -> bool:
        """Whether it only tells where the answer comes from."""
        return self.code in WHERE_FROM


class Answered(NamedTuple):
    """What one department has said."""

    line: Verification
    words: str
    flags: Sequence[Flag]

    @property
    def tone(self) -> str:
        outcome = self.line.exchange.outcome
        known = {"FOUND": "good", "NOT_FOUND": "plain", "": "soft"}
        return known.get(outcome, "warn")

    @property
    def disputable(self) -> bool:
        exchange = self.line.exchange
        return (exchange.state, exchange.outcome) == ("settled", "NOT_FOUND")


@dataclass(frozen=True)
class CasePage:
    """One case as a page shows it."""

    case: Case
    told: Told | None
    actor: Actor
    now: datetime

    @cached_property
    def summary(self) -> CaseSummary:
        return summary(self.case)

    @cached_property
    def definition(self) -> Definition:
        return case_definition(self.case)

    @cached_property
    def answers(self) -> Sequence[Answered]:
        """What each department said, in the words of the five outcomes."""
        return [
            Answered(
                line,
                line.words(department=local(line, "department_name"), now=self.now),
                [Flag(code, FLAGS[code]) for code in line.flags(self.now)],
            )
            for line in self.summary.verifications
        ]

    @property
    def disputable(self) -> Sequence[Answered]:
        """What the applicant may object to, person by person, while it matters."""
        return [] if self.ended else [each for each in self.answers if each.disputable]

    @property
    def answered_count(self) -> int:
        return sum(a.line.exchange.state == "settled" for a in self.answers)

    @property
    def ended(self) -> bool:
        return self.case.state in ENDED

    @property
    def actions(self) -> Sequence[str]:
        return actions_for(self.case.state, self.actor.role)

    @cached_property
    def steps(self) -> Sequence[Step]:
        return steps_of(self.case)

    @cached_property
    def log(self) -> Sequence[Logged]:
        with one_catalogue():
            return [
                _logged(line) for line in entries_of_case(self.case.reference)[::-1]
            ]

    @cached_property
    def ladders(self) -> Mapping[int, Sequence[Any]]:
        """What is left where departments hold nothing, by requirement."""
        rows = [row for row in self.summary.requirements if row.state == "missing"]
        if all(row.ladder for row in rows):
            return {row.pk: row.ladder for row in rows}
        answers = standing([self.case.reference]).get(self.case.reference, {})
        plan = plan_case(self.case, answers, now=self.now)
        now = {(p.name, str(p.subject)): p.ladder for p in plan.requirements}
        return {row.pk: now.get((row.name, row.subject), row.ladder) for row in rows}

    @cached_property
    def uploads(self) -> Sequence[Upload]:
        return list(self.case.uploads.order_by("pk"))

    @property
    def papers_due(self) -> Sequence[Task]:
        """What the applicant may still bring: papers of its own, never others."""
        return [
            task
            for task in self.summary.tasks
            if task.about and task.kind in {Task.Kind.CORRECT, Task.Kind.SUPPLY}
        ]

    @cached_property
    def correction(self) -> Correction | None:
        return Correction.objects.filter(case=self.case).first()

    @property
    def days_left(self) -> int | None:
        """Working days until the promised day; negative once past; None if no clock."""
        return days_left(self.case.promised_on, today=self.today, ended=self.decided)

    @property
    def decided(self) -> bool:
        return self.ended or self.case.decided_at is not None

    @property
    def urgency(self) -> str:
        return urgency(self.days_left)

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def days(self) -> Sequence[clock.ClockLine]:
        """Every day of the promise and what it counts for."""
        return promise_explained(self.case)

    @cached_property
    def stated(self) -> Sequence[Stated]:
        return stated(self.case, self.definition)


def urgency(left: int | None) -> str:
    """Return good, warn or bad: time enough, soon due, or late."""
    if left is None:
        return ""
    if left < 0:
        return "bad"
    return "warn" if left <= SOON_DAYS else "good"


def _logged(line: LogLine) -> Logged:
    material = str(line.details.get("material", ""))
    return Logged(
        line,
        material_name(material) if material else "",
        department_name(line.office) if line.exchange else "",
    )
