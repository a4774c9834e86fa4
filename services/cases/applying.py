"""File a case with a licence number alone; what is not given is a demo value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.cases.demo_paper import demo_paper
from services.cases.evidence import standing
from services.cases.models import Case
from services.cases.operations.draft import save_draft
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.cases.operations.upload import add_upload
from services.cases.planning.demo import demo_fields
from services.cases.planning.plan import Plan
from services.cases.plans import case_definition, plan_case
from services.common.actors import Actor
from services.common.errors import InvalidInput, Problem
from services.departments.queries import known_subjects
from services.registry.models import Entity
from services.registry.queries import registry_facts


@dataclass(frozen=True, slots=True)
class Given:
    """What the person at the keyboard gave."""

    answers: Mapping[str, list[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    key: str = ""


def applicant_of(entity: Entity) -> Actor:
    """Return the company's representative, as the one who applies."""
    return Actor(
        kind="human",
        id=f"app-{entity.uscc}",
        role="applicant",
        name=entity.legal_representative,
        entity=entity.uscc,
    )


def fill_in(*, case: Case, given: Given, actor: Actor, now: datetime) -> Plan:
    """Keep what was given, and demo values for the fields that were not."""
    plan = save_draft(
        case=case, answers=given.answers, fields=given.fields, actor=actor, now=now
    )
    values = demo_values(case, plan)
    missing = {code: v for code, v in values.items() if code not in given.fields}
    return save_draft(case=case, answers={}, fields=missing, actor=actor, now=now)


def demo_values(case: Case, plan: Plan) -> dict[str, str]:
    """Return a demo value for each mandatory field that the plan leaves empty."""
    subjects = known_subjects(case.entity.uscc)
    facts = registry_facts(case.entity)
    return demo_fields(case_definition(case), plan, facts, subjects)


def bring_papers(*, case: Case, given: Given, actor: Actor, now: datetime) -> None:
    """
    Add the papers given, and demo papers where the plan asks for own ones.

    :raises InvalidInput: with every paper that was not taken in; the others were.
    """
    refused: list[Problem] = []
    for material, (name, content) in given.papers.items():
        try:
            add_upload(
                case=case,
                material=material,
                file_name=name,
                content=content,
                actor=actor,
                now=now,
            )
        except InvalidInput as invalid:
            refused += invalid.problems
    answers = standing([case.reference]).get(case.reference, {})
    plan = plan_case(case, answers, now=now)
    brought = {*case.uploads.values_list("material_code", flat=True), *given.papers}
    bring_demo_papers(case, papers_due(plan, brought), actor=actor, now=now)
    if refused:
        raise InvalidInput(refused)


def bring_demo_papers(
    case: Case, materials: Iterable[str], *, actor: Actor, now: datetime
) -> None:
    """Add a demo paper, marked as one, for each of these materials."""
    for material in materials:
        add_upload(
            case=case,
            material=material,
            file_name=f"{material}-demo.pdf",
            content=demo_paper(material),
            actor=actor,
            now=now,
            demo_value=True,
        )


def bring_and_file(*, case: Case, given: Given, actor: Actor, now: datetime) -> Case:
    """
    Bring the papers and file a draft that `fill_in` completed.

    :raises InvalidInput: with what is wrong with papers, answers and fields together.
    """
    refused: tuple[Problem, ...] = ()
    try:
        bring_papers(case=case, given=given, actor=actor, now=now)
    except InvalidInput as invalid:
        refused = invalid.problems
    filing = Filing(key=given.key, refused=refused)
    return file_case(case=case, filing=filing, actor=actor, now=now)


def drop_unknown(case: Case, problems: Collection[Problem]) -> None:
    """Forget answers and fields that no form shows: nobody could mend them."""
    unknown = {
        problem.pointer.rpartition("/")[2]
        for problem in problems
        if problem.code in {"unknown_question", "unknown_field"}
    }
    for stated in (case.stated_answers, case.stated_fields):
        for code in unknown & set(stated):
            del stated[code]
    case.save(update_fields=["stated_answers", "stated_fields"])


def file_filled(*, case: Case, given: Given, actor: Actor, now: datetime) -> Case:
    """File a draft that `fill_in` and `bring_papers` completed."""
    return file_case(case=case, filing=Filing(key=given.key), actor=actor, now=now)


def papers_due(plan: Plan, brought: Collection[str]) -> list[str]:
    """
    Return the own papers a plan is still waiting for: one per requirement.

    A paper that stands in for a record that no department has answered for yet is due
    as well: filing does not wait for departments.
    """
    due = []
    for requirement in plan.requirements:
        own = [m.material for m in requirement.members if m.how == "upload"]
        asked = [m for m in requirement.members if m.how == "exchange"]
        if requirement.status == "satisfied" or (
            asked and requirement.status == "open"
        ):
            continue
        if own and not set(own) & set(brought):
            due.append(own[0])
    return list(dict.fromkeys(due))
