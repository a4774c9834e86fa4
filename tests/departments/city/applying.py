"""Apply on paper: plan with demo values and ask the departments until all is known."""

from __future__ import annotations

from datetime import date, datetime, time

from services.cases.planning.compute import make_plan
from services.cases.planning.demo import demo_fields
from services.cases.planning.plan import Known, Plan
from services.catalogue.definition import Definition
from services.common.subjects import Subject
from services.departments.gateways.contract import Question
from services.departments.gateways.local import LocalGateway
from services.departments.queries import known_subjects
from services.registry.models import Entity
from services.registry.queries import registry_facts
from tests.clock import SHANGHAI

MOST_ROUNDS = 6

Knowledge = dict[tuple[str, Subject], Known]


def plan_for(
    entity: Entity,
    definition: Definition,
    *,
    as_of: date,
    answers: dict[str, tuple[str, ...]] | None = None,
) -> Plan:
    """Return the plan when every department has answered and every field is filled."""
    known: Knowledge = {}
    fields: dict[str, str] = {}
    plan = _ask_all(entity, definition, fields, known, as_of, answers or {})
    subjects = known_subjects(entity.uscc)
    fields |= demo_fields(definition, plan, registry_facts(entity), subjects)
    return _ask_all(entity, definition, fields, known, as_of, answers or {})


def unsettled(plan: Plan) -> list[str]:
    """Return what a department had to show and did not."""
    return [
        f"{requirement.status} {[m.material for m in requirement.members]}"
        f" about {requirement.subject}"
        for requirement in plan.requirements
        if requirement.status in {"missing", "open"}
    ]


def _ask_all(
    entity: Entity,
    definition: Definition,
    fields: dict[str, str],
    known: Knowledge,
    as_of: date,
    answers: dict[str, tuple[str, ...]],
) -> Plan:
    for _ in range(MOST_ROUNDS):
        plan = make_plan(
            definition,
            answers=answers,
            fields=fields,
            registry=registry_facts(entity),
            known=known,
            today=as_of,
        )
        wanted = [w for w in plan.wanted if (w.material, w.subject) not in known]
        if not wanted:
            return plan
        for want in wanted:
            known[want.material, want.subject] = _ask(entity, want, as_of)
    raise AssertionError("the plan never settles")


def _ask(entity: Entity, want, as_of: date) -> Known:
    question = Question(
        request_id="1",
        material=want.material,
        subject=want.subject,
        entity=entity.uscc,
        holder_name=entity.legal_name,
        former_names=tuple(entity.former_names),
        purpose="test",
        basis="test",
    )
    now = datetime.combine(as_of, time(12), tzinfo=SHANGHAI)
    gateway = LocalGateway(time_scale=0)
    (answer,) = gateway.ask_many(
        department=want.department, questions=[question], now=now
    )
    records = tuple(
        {
            **record.attributes,
            "number": record.number,
            "holder_name": record.holder_name,
            "issued_on": record.issued_on.isoformat(),
        }
        for record in answer.records
    )
    return Known(answer.outcome, answer.code, records)
