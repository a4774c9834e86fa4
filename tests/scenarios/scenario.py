"""What one row of the table says, and what to compare it with."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation

from services.cases.models import Case
from services.exchange.models import Incident
from tests.scenarios.stage import Matter, Stage, Step, without_repeats

RUNS, NOT_BEGUN = "runs", "not begun"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What stands in the end, as applicant, clerk and auditor see it."""

    answer: str  # outcome and code
    zh: str  # the sentence to the applicant
    en: str
    flags: tuple[str, ...] = ()  # for the clerk
    events: tuple[str, ...]  # of the log about this matter, in order
    case: str  # its state
    clock: str = RUNS
    incidents: tuple[str, ...] = ()  # for the operators
    refused: tuple[str, ...] = ()  # what we did not take, or did not do
    line: tuple[str, ...] = ("closed",)  # the breaker, from filing on


@dataclass(frozen=True)
class Scenario:
    """One row: a situation, how it comes about, what has to come of it."""

    name: str
    situation: str
    matter: Matter
    given: tuple[Step, ...]  # before the draft is opened
    then: tuple[Step, ...]  # after it was filed
    expected: Expected
    oots: str = ""  # which test cases of the EU's Once-Only system it answers
    filed: bool = True

    def play(self, stage: Stage) -> None:
        """Let it happen: everything by the operations that doors use too."""
        for step in self.given:
            step(stage)
        stage.open()
        if self.filed:
            stage.file()
        for step in self.then:
            step(stage)


def what_stands(stage: Stage) -> Expected:
    """Return what became of a stage, to be compared with a row."""
    line, case = stage.line, stage.filed
    with translation.override("zh-hans"):
        zh = line.words(department=line.department_name, now=stage.now)
    with translation.override("en"):
        en = line.words(department=line.department_name_en, now=stage.now)
    return Expected(
        answer=f"{line.exchange.outcome} {line.exchange.code}".strip(),
        zh=zh,
        en=en,
        flags=line.flags(stage.now),
        events=stage.events,
        case=case.state,
        clock=_clock(case),
        incidents=tuple(Incident.objects.order_by("pk").values_list("kind", flat=True)),
        refused=tuple(stage.refused),
        line=without_repeats(stage.seen) or ("closed",),
    )


def _clock(case: Case) -> str:
    return RUNS if case.accepted_at else NOT_BEGUN
