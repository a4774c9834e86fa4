"""Plan a draft or case with what is stored and what departments have answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict

from django.utils import timezone

from services.cases.evidence import Standing, knowledge
from services.cases.models import Case
from services.cases.planning.compute import make_plan, plan_questions
from services.cases.planning.differences import find_differences
from services.cases.planning.plan import Knowledge, Plan, PlannedQuestion, Wanted
from services.catalogue.definition import Definition
from services.catalogue.queries import definition_of
from services.common.subjects import Subject
from services.exchange.operations.ask import Request
from services.registry.models import Entity
from services.registry.queries import registry_facts

StoredAnswers = Mapping[str, list[str]]


def case_definition(case: Case) -> Definition:
    """Return the item as it stood when the case began."""
    return definition_of(case.item_version)


def purpose_of(definition: Definition) -> str:
    """Return for what a case of this item asks and looks, as the log says it."""
    return f"{definition.code} {definition.name}"


def case_fields(case: Case) -> dict[str, str]:
    """Return the form as it stands: what data filled in, corrected by the applicant."""
    filled = {code: str(f["value"]) for code, f in case.prefilled_fields.items()}
    stated = {code: value for code, value in case.stated_fields.items() if value}
    return {**filled, **stated}


class _Situation(TypedDict):
    """What planning goes by, beside the item."""

    answers: dict[str, tuple[str, ...]]
    fields: Mapping[str, str]
    registry: Mapping[str, str]
    known: Knowledge
    today: date


def plan_case(case: Case, answers: Standing, *, now: datetime) -> Plan:
    """Return the plan of a draft or case as things stand."""
    return make_plan(case_definition(case), **_situation(case, answers, now))


def questions_stated(
    case: Case, answers: Standing, *, now: datetime
) -> tuple[PlannedQuestion, ...]:
    """Return the plan's questions if the applicant has answered any, else none."""
    if not case.stated_answers:
        return ()
    return plan_questions(case_definition(case), **_situation(case, answers, now))


def _situation(case: Case, answers: Standing, now: datetime) -> _Situation:
    return {
        "answers": {q: tuple(options) for q, options in case.stated_answers.items()},
        "fields": case.stated_fields,
        "registry": registry_facts(case.entity),
        "known": knowledge(answers),
        "today": timezone.localtime(now).date(),
    }


def preview_plan(
    definition: Definition,
    entity: Entity | None,
    *,
    answers: StoredAnswers,
    now: datetime,
) -> Plan:
    """Return the plan of an item before anybody was asked; entity may be unknown."""
    return make_plan(
        definition,
        answers={q: tuple(options) for q, options in answers.items()},
        fields={},
        registry=registry_facts(entity) if entity else {},
        known={},
        today=timezone.localtime(now).date(),
    )


def requests_for(
    case: Case, wanted: list[tuple[str, str, Subject]], *, deadline_at: datetime
) -> list[Request]:
    """Return the questions of a case to departments: material, department, subject."""
    definition = case_definition(case)
    entity = case.entity
    return [
        Request(
            case=case.reference,
            material=material,
            department=department,
            subject=subject,
            entity=entity.uscc,
            holder_name=entity.legal_name,
            former_names=tuple(entity.former_names),
            purpose=purpose_of(definition),
            basis=definition.legal_basis,
            deadline_at=deadline_at,
            reply_task="cases.advance",
            reply_key=case.reference,
        )
        for material, department, subject in wanted
    ]


def unasked(plan_wanted: tuple[Wanted, ...], answers: Standing) -> list[Wanted]:
    """Return what the plan wants to know and nobody has been asked."""
    return [w for w in plan_wanted if (w.material, w.subject) not in answers]


def unanswered(plan: Plan, answers: Standing) -> bool:
    """Return whether somebody who was asked, or will be, has not given an answer."""
    return any(
        (answered := answers.get((w.material, w.subject))) is None
        or answered.known.outcome not in {"FOUND", "NOT_FOUND"}
        for w in plan.wanted
    )


def differences(
    case: Case, questions: Sequence[PlannedQuestion], answers: Standing
) -> list[dict[str, str]]:
    """Return where the applicant's word differs from what data says, as JSON."""
    found = find_differences(
        case_definition(case),
        questions,
        stated_answers=case.stated_answers,
        stated_fields=case.stated_fields,
        registry=registry_facts(case.entity),
        known=knowledge(answers),
    )
    return [difference._asdict() for difference in found]
