"""What the form of a draft shows: questions, fields, materials, all from one plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.cases.evidence import standing
from services.cases.models import Case, Upload
from services.cases.planning.entries import choices_in
from services.cases.planning.plan import (
    Plan,
    PlannedMember,
    PlannedQuestion,
    PlannedRequirement,
)
from services.cases.plans import case_definition, plan_case
from services.cases.queries.summary import Verification, verifications
from services.catalogue.definition import Definition, Field, Option
from services.catalogue.models import Department
from services.common.language import local
from services.web.problems import Told
from services.web.wording import STOPS

FOR_EDITORS = re.compile(r"registry:|field:|M\d{3}")


class Choice(NamedTuple):
    option: Option
    chosen: bool
    open: bool


class Question(NamedTuple):
    """A question to the applicant; what data decided is not asked."""

    planned: PlannedQuestion
    choices: Sequence[Choice]
    problem: str

    @property
    def note(self) -> str:
        """Return the note, unless it speaks of codes that only the catalogue knows."""
        note = self.planned.question.note
        return "" if FOR_EDITORS.search(note) else note

    @property
    def many(self) -> bool:
        return self.planned.question.kind == "multi"


class Entry(NamedTuple):
    """A form field with its value and where the value came from."""

    field: Field
    value: str
    chosen: Sequence[str]
    source: str  # registry, a material's name, stated or ""
    problem: str

    @property
    def filled(self) -> bool:
        return self.source not in {"", "stated"}


class Paper(NamedTuple):
    """A requirement of the draft: obtained for the applicant, or theirs to bring."""

    requirement: PlannedRequirement
    own: Sequence[PlannedMember]  # members the applicant could upload
    uploads: Sequence[Upload]
    holders: Sequence[Department]
    words: Sequence[str]  # what departments have said so far
    problem: str
    may_commit: bool

    @property
    def due(self) -> bool:
        """Return whether, as known now, only the applicant's own paper will do."""
        return bool(self.own) and self.requirement.status == "applicant"

    @property
    def free(self) -> bool:
        """Return whether departments provide it, so that nothing is submitted."""
        asked = any(m.how == "exchange" for m in self.requirement.members)
        return asked and not self.due

    @property
    def commitment(self) -> str:
        return self.requirement.members[0].material


class Progress(NamedTuple):
    """How far departments have come with a draft."""

    lines: Sequence[tuple[Verification, str]]
    answered: int
    stamp: str  # changes when the form should be looked at again

    @property
    def running(self) -> bool:
        return self.answered < len(self.lines)


@dataclass(frozen=True)
class DraftPage:
    """Everything the page of a draft shows."""

    case: Case
    definition: Definition
    plan: Plan
    questions: Sequence[Question]
    decided: Sequence[PlannedQuestion]
    entries: Sequence[Entry]
    papers: Sequence[Paper]
    progress: Progress
    told: Told | None

    @property
    def filled_count(self) -> int:
        return sum(entry.filled for entry in self.entries)

    @property
    def free_count(self) -> int:
        return sum(paper.free for paper in self.papers)

    @property
    def missing(self) -> Sequence[Paper]:
        return [p for p in self.papers if p.requirement.status == "missing"]

    @property
    def stop_title(self) -> str:
        return str(STOPS.get(self.plan.stop.kind, "")) if self.plan.stop else ""


def draft_page(case: Case, *, now: datetime, told: Told | None = None) -> DraftPage:
    """Return the page of a draft, as stated, prefilled and answered so far."""
    answers = standing([case.reference]).get(case.reference, {})
    plan = plan_case(case, answers, now=now)
    definition = case_definition(case)
    wrong = told.by_pointer() if told else {}
    asked = progress(case, now=now)
    return DraftPage(
        case=case,
        definition=definition,
        plan=plan,
        questions=[_question(q, wrong) for q in plan.to_ask],
        decided=[q for q in plan.questions if q.given_by == "decided"],
        entries=_entries(definition, plan, wrong),
        papers=_papers(case, plan, wrong, asked),
        progress=asked,
        told=told,
    )


def progress(case: Case, *, now: datetime) -> Progress:
    """Return what departments have answered for a draft or case so far."""
    lines = [
        (
            line,
            line.words(department=local(line, "department_name"), now=now),
        )
        for line in verifications(case)
    ]
    settled = [line for line, _ in lines if line.exchange.state == "settled"]
    return Progress(lines, len(settled), f"{len(lines)}-{len(settled)}")


def _question(planned: PlannedQuestion, wrong: Mapping[str, str]) -> Question:
    choices = [
        Choice(o, o.code in planned.answer, o.code not in planned.unavailable)
        for o in planned.question.options
    ]
    return Question(
        planned, choices, wrong.get(f"/answers/{planned.question.code}", "")
    )


def _entries(
    definition: Definition, plan: Plan, wrong: Mapping[str, str]
) -> list[Entry]:
    values = {planned.code: planned for planned in plan.fields}
    names = {code: local(link) for code, link in definition.links.items()}
    return [
        Entry(
            field,
            values[field.code].value,
            choices_in(values[field.code].value),
            names.get(values[field.code].source, values[field.code].source),
            wrong.get(f"/fields/{field.code}", ""),
        )
        for field in definition.fields
        if field.code in values
    ]


def _papers(
    case: Case, plan: Plan, wrong: Mapping[str, str], asked: Progress
) -> list[Paper]:
    uploads = list(case.uploads.order_by("pk"))
    holders = Department.objects.in_bulk()
    said: dict[tuple[str, str], str] = {
        (line.material, line.exchange.subject): words for line, words in asked.lines
    }
    papers = []
    for requirement in plan.requirements:
        members = requirement.members
        own = [m for m in members if m.how == "upload"]
        codes = {m.material for m in own}
        keys = [(m.material, str(m.subject)) for m in members]
        departments = dict.fromkeys(m.department for m in members if m.department)
        papers.append(
            Paper(
                requirement,
                own,
                [u for u in uploads if u.material_code in codes],
                [holders[code] for code in departments if code in holders],
                list(dict.fromkeys(said[key] for key in keys if key in said)),
                next(
                    (wrong[p] for c in codes if (p := f"/materials/{c}") in wrong), ""
                ),
                requirement.commit_ok and plan.commitment_offered,
            )
        )
    return papers
