"""Companies that qualify for an item, and cases brought as far as a test needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from services.accounts.queries import actor_of
from services.cases.applying import (
    Given,
    applicant_of,
    bring_papers,
    file_filled,
    fill_in,
)
from services.cases.models import Case, Task
from services.cases.operations.carry_on import carry_on
from services.cases.operations.draft import open_draft
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.catalogue.definition import Definition, MaterialLink
from services.catalogue.queries import current_version, definition_of, materials
from services.common.actors import Actor
from services.common.subjects import Subject, subject_key
from services.departments.models import Record
from services.registry.models import Entity
from tests.clock import NOON

REPRESENTATIVE_ID = "330199199001010011"
KEYS = {
    "person": REPRESENTATIVE_ID,
    "project": "2401-330106-04-01-100001",
    "vehicle": "浙A12345",
    "device": "30103301002024001",
    "other_entity": "91330106FAKE00021X",
}
OWN_NAME = {"holder_name", "owner", "lessee", "applicant", "grantee", "legal_name"}
PLACES = {"location", "site_address", "address"}
LAST_DAYS = {"valid_to", "lease_to", "term_to"}


def subject_of(entity: Entity, kind: str) -> Subject:
    """Return the one subject of a kind that a company of these tests has."""
    texts = {"entity": entity.uscc, "premises": entity.place_of_business, **KEYS}
    return Subject(kind, subject_key(kind, texts[kind]))


def hold_for(entity: Entity, item: str, *, without: Collection[str] = ()) -> None:
    """Let departments hold for a company what an item verifies, but for some."""
    definition = definition_of(current_version(item))
    rows = [
        _record(entity, link, kind)
        for link in definition.links.values()
        if link.how == "exchange" and link.material not in without
        for kind in sorted({"entity", link.subject})
    ]
    Record.objects.bulk_create(rows, ignore_conflicts=True)


def _record(entity: Entity, link: MaterialLink, kind: str) -> Record:
    subject = subject_of(entity, kind)
    concerned = subject.key if kind == "other_entity" else entity.uscc
    return Record(
        department=link.holder,
        material=link.material,
        number=f"{link.material}-{entity.pk}",
        subject_kind=kind,
        subject_key=subject.key,
        entity=concerned,
        holder_name=entity.legal_name,
        attributes=_attributes(entity, link),
        issued_on=date(2024, 3, 1),
    )


def _attributes(entity: Entity, link: MaterialLink) -> dict[str, str]:
    attributes = {}
    for attribute in materials()[link.material].attributes:
        code, value = attribute["code"], attribute["example"]
        if code in OWN_NAME:
            value = entity.legal_name
        elif code in PLACES:
            value = entity.place_of_business
        elif code in LAST_DAYS:
            value = "2030-01-01"
        elif code == "use_nature":
            value = "rental"
        attributes[code] = value
    return attributes


def draft_for(
    entity: Entity,
    item: str,
    *,
    given: Given | None = None,
    now: datetime = NOON,
    answered: bool = True,
) -> Case:
    """Return a draft with all fields and own papers; departments have answered."""
    actor = applicant_of(entity)
    given = given or Given()
    case = open_draft(
        entity=entity, item_version=current_version(item), actor=actor, now=now
    )
    if answered:
        carry_on(now=now)
    fill_in(case=case, given=given, actor=actor, now=now)
    if answered:
        carry_on(now=now)
    bring_papers(case=case, given=given, actor=actor, now=now)
    return case


def filed(
    entity: Entity,
    item: str,
    *,
    given: Given | None = None,
    now: datetime = NOON,
    answered: bool = True,
) -> Case:
    """Return a filed case, carried on as far as it goes by itself."""
    case = draft_for(entity, item, given=given, now=now, answered=answered)
    case = file_filled(
        case=case, given=given or Given(), actor=applicant_of(entity), now=now
    )
    carry_on(now=now)
    return again(case)


def with_a_paper_to_follow(entity: Entity, item: str, material: str) -> Case:
    """Return a case of which one own paper is still to come (容缺后补)."""
    hold_for(entity, item)
    actor = applicant_of(entity)
    version = current_version(item)
    case = open_draft(entity=entity, item_version=version, actor=actor, now=NOON)
    carry_on(now=NOON)
    fill_in(case=case, given=Given(), actor=actor, now=NOON)
    carry_on(now=NOON)
    file_case(case=case, filing=Filing(deferred=(material,)), actor=actor, now=NOON)
    carry_on(now=NOON)
    return again(case)


def again(case: Case) -> Case:
    """Return the case as it stands now."""
    return Case.objects.select_related("entity", "item_version", "office").get(
        pk=case.pk
    )


def open_task(case: Case, kind: str) -> Task:
    """Return the one open task of a kind."""
    return case.tasks.select_related("case", "assignee").get(
        kind=kind, closed_at__isnull=True
    )


def person_of(task: Task) -> Actor:
    """Return the named person of a task, in the task's role."""
    assert task.assignee, "nobody is named"
    return actor_of(task.assignee, role=task.role, office=task.office_id or "")


def definition(item: str) -> Definition:
    return definition_of(current_version(item))
