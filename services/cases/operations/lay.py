"""Lay down what a case must show, from its plan, and ask departments for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connections, router
from django.utils import timezone

from services.cases.evidence import Standing
from services.cases.models import Case, Commitment, Requirement
from services.cases.operations.draft import ASK_FOR
from services.cases.operations.effects import Effects
from services.cases.operations.filing import Filing
from services.cases.operations.requirements import OwnSide, rows_for, settle_rows
from services.cases.planning.answers import YES
from services.cases.planning.index import COMMITMENT
from services.cases.planning.plan import Plan
from services.cases.plans import case_definition, requests_for, unasked
from services.catalogue.definition import Definition
from services.common.actors import Actor
from services.common.bulk import as_rows, insert_rows
from services.exchange.operations.ask import ask_many

CHECKED_WITHIN = timedelta(days=30)


def lay_requirements(
    case: Case, plan: Plan, answers: Standing, own: OwnSide, *, now: datetime
) -> list[Requirement]:
    """
    Write what the plan requires of a case without requirements, and settle it.

    The rows that are returned do not know their ids.
    """
    rows = rows_for(case, plan)
    settle_rows(rows, answers, own, now=now)
    connection = connections[router.db_for_write(Requirement)]
    insert_rows(connection, *as_rows(connection, Requirement, rows))
    return rows


def ask_for(
    case: Case, plan: Plan, answers: Standing, *, actor: Actor, now: datetime
) -> None:
    """Ask departments for what the plan wants and nobody was asked for."""
    wanted = [
        (w.material, w.department, w.subject) for w in unasked(plan.wanted, answers)
    ]
    ask_many(
        requests_for(case, wanted, deadline_at=now + ASK_FOR), actor=actor, now=now
    )


def own_side(case: Case, deferred: tuple[str, ...] = ()) -> OwnSide:
    """Return what the applicant brought to a case so far."""
    return OwnSide(
        uploads=set(case.uploads.values_list("material_code", flat=True)),
        commitments=set(case.commitments.values_list("material_code", flat=True)),
        deferred=set(deferred),
    )


def sign_commitments(effects: Effects, case: Case, plan: Plan, filing: Filing) -> None:
    """
    Keep what the applicant promised; signing twice changes nothing.

    Each promise is checked within thirty days after the decision, as the items say
    that are handled by notice and commitment.
    """
    definition = case_definition(case)
    open_to = {
        member.material
        for requirement in plan.requirements
        if requirement.commit_ok
        for member in requirement.members
    }
    promised = [material for material in filing.commitments if material in open_to]
    materials = dict.fromkeys([*promised, *_waived_on_promise(definition, plan)])
    check_by = timezone.localtime(effects.now).date() + CHECKED_WITHIN
    for material in materials:
        effects.log(case, "commitment.made", material=material)
    Commitment.objects.bulk_create(
        [
            Commitment(
                case=case,
                material_code=material,
                kind=definition.links[material].commit_kind or "permit",
                text=definition.links[material].name,
                signed_by=effects.actor.id,
                signed_at=effects.now,
                check_due_on=check_by,
            )
            for material in materials
        ],
        ignore_conflicts=True,
    )


def _waived_on_promise(definition: Definition, plan: Plan) -> list[str]:
    """Return the papers that the way of commitment stands in for."""
    if plan.answers.get(COMMITMENT) != (YES,):
        return []
    return [
        material
        for effect in definition.effects
        if (effect.question, effect.option) == (COMMITMENT, YES)
        and effect.kind == "waive_material"
        for material in effect.value.split(";")
    ]
