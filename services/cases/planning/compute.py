"""Plan a case: everything that follows from item, answers, register and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from services.cases.planning.answers import (
    YES,
    answer_questions,
    commitment_barred,
    find_confirmations,
)
from services.cases.planning.effects import Outcome, apply_effects
from services.cases.planning.evidence import Evidence
from services.cases.planning.index import COMMITMENT, Index, index_of
from services.cases.planning.plan import (
    Answers,
    Knowledge,
    Plan,
    PlannedField,
    PlannedQuestion,
)
from services.cases.planning.prefill import fill_fields
from services.cases.planning.requirements import (
    Commitments,
    plan_requirements,
    plan_wanted,
)
from services.cases.planning.rules import Facts
from services.cases.planning.slots import fill_slots
from services.catalogue.definition import Definition


def make_plan(
    definition: Definition,
    *,
    answers: Answers,
    fields: Mapping[str, str],
    registry: Mapping[str, str],
    known: Knowledge,
    today: date,
) -> Plan:
    """
    Return the plan of a draft or case as things stand.

    :param answers: what the applicant stated, by question; anything else is ignored.
    :param fields: what the applicant stated, by field; blank counts as not stated.
    :param registry: facts of the register (`registry_facts`).
    :param known: answers of departments; empty while nobody was asked.
    :raises GovernmentPaperAsked: if the definition would ask for such a paper.
    """
    index = index_of(definition)
    filled = fill_fields(index, stated=fields, registry=registry, known=known)
    facts = _facts(index, filled, registry, known, today)
    questions = answer_questions(index, answers, facts)
    outcome = apply_effects(index, {q.question.code: q.answer for q in questions})
    return _assemble(index, filled, facts, questions, outcome)


def plan_questions(
    definition: Definition,
    *,
    answers: Answers,
    fields: Mapping[str, str],
    registry: Mapping[str, str],
    known: Knowledge,
    today: date,
) -> tuple[PlannedQuestion, ...]:
    """Return the plan's questions alone, for who needs no more of it."""
    index = index_of(definition)
    filled = fill_fields(index, stated=fields, registry=registry, known=known)
    return answer_questions(
        index, answers, _facts(index, filled, registry, known, today)
    )


def _facts(
    index: Index,
    filled: tuple[PlannedField, ...],
    registry: Mapping[str, str],
    known: Knowledge,
    today: date,
) -> Facts:
    values = {field.code: field.value for field in filled}
    evidence = Evidence(index, known=known, fields=values, registry=registry)
    return Facts(index, registry, values, evidence, today)


def _assemble(
    index: Index,
    filled: tuple[PlannedField, ...],
    facts: Facts,
    questions: tuple[PlannedQuestion, ...],
    outcome: Outcome,
) -> Plan:
    slots = fill_slots(index, outcome)
    commitments = _commitments(index, facts, questions, outcome)
    requirements = plan_requirements(index, slots, facts.evidence, commitments)
    return Plan(
        questions=questions,
        requirements=requirements,
        slots=tuple(slot.materials for slot in slots),
        wanted=plan_wanted(index, requirements, facts.evidence),
        instant=outcome.instant,
        inspection=outcome.inspection,
        promised_days=outcome.promised_days,
        statutory_unit=outcome.statutory[0],
        statutory_value=outcome.statutory[1],
        stop=outcome.stop,
        confirmations=find_confirmations(index, questions),
        commitment_offered=outcome.commitment_offered and not commitments.barred,
        notes=outcome.notes,
        fields=filled,
    )


def _commitments(
    index: Index,
    facts: Facts,
    questions: tuple[PlannedQuestion, ...],
    outcome: Outcome,
) -> Commitments:
    """
    Return which commitments are open.

    A licence condition may be committed to where the answers offer it, or where the
    item allows commitment and leaves the choice to no question.
    """
    allowed = index.definition.commitment_allowed
    offered = outcome.commitment_offered or not index.offers_commitment
    return Commitments(
        barred=commitment_barred(index, facts),
        permits=(allowed and offered) or _chosen(questions),
    )


def _chosen(questions: tuple[PlannedQuestion, ...]) -> bool:
    return any(q.question.code == COMMITMENT and YES in q.answer for q in questions)
