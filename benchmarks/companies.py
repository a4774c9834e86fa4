"""Companies for which departments hold all that an item needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.cases.applying import applicant_of
from services.cases.operations.accept import BY_DEPARTMENT
from services.cases.planning.compute import make_plan
from services.cases.planning.demo import demo_fields
from services.cases.planning.plan import PlannedRequirement
from services.cases.plans import preview_plan
from services.catalogue.definition import Definition
from services.catalogue.models import ItemVersion
from services.catalogue.queries import definition_of, districts, materials
from services.common.actors import Actor
from services.departments.models import Record
from services.registry.models import Entity
from services.registry.queries import registry_facts
from services.registry.uscc import ALPHABET, generate

BATCH = 500
FOUR = 4
ISSUED = date(2025, 3, 1)
VALID_UNTIL = date(2099, 12, 31)


class Applicant(NamedTuple):
    """A company, who applies for it, and what the form will hold."""

    entity: Entity
    actor: Actor
    fields: dict[str, str]


def item_of_four_verifications() -> ItemVersion:
    """Return an item that the system decides by itself on four departments' answers."""
    versions = ItemVersion.objects.filter(
        valid_until__isnull=True, item__withdrawn_on__isnull=True
    )
    for version in versions.order_by("item_id").select_related("item"):
        if _is_plain(definition_of(version)):
            return version
    raise LookupError("the catalogue has no such item")


def _is_plain(definition: Definition) -> bool:
    plan = make_plan(
        definition, answers={}, fields={}, registry={}, known={}, today=ISSUED
    )
    own = [r for r in plan.requirements if r.members and not _is_shown(r)]
    people = plan.inspection or plan.confirmations or plan.stop or definition.fee
    return (
        plan.instant
        and not people
        and not own
        and definition.acceptance_mode != BY_DEPARTMENT
        and len(plan.wanted) == len({w.department for w in plan.wanted}) == FOUR
        and all(w.subject.kind == "entity" for w in plan.wanted)
    )


def _is_shown(requirement: PlannedRequirement) -> bool:
    """Return whether the applicant need not bring anything for a requirement."""
    return any(member.how in ("exchange", "form") for member in requirement.members)


def make_companies(count: int, *, item: ItemVersion, now: datetime) -> list[Applicant]:
    """Return new companies that may apply for an item."""
    start = Entity.objects.count()
    rows = [_company(start + n) for n in range(count)]
    entities = Entity.objects.bulk_create(rows, batch_size=BATCH)
    definition = definition_of(item)
    records: list[Record] = []
    made = []
    for entity in entities:
        plan = preview_plan(definition, entity, answers={}, now=now)
        records += [
            _record(entity, wanted.material, wanted.department, str(wanted.subject))
            for wanted in plan.wanted
        ]
        fields = demo_fields(definition, plan, registry_facts(entity), {})
        made.append(Applicant(entity, applicant_of(entity), fields))
    Record.objects.bulk_create(records, batch_size=BATCH)
    return made


def _company(serial: int) -> Entity:
    places = [d for d in districts().values() if not d.successor]
    district = places[serial % len(places)]
    body = f"FAK{_letters(serial)}"
    code = generate(authority="9", category="1", division=district.code, body=body)
    return Entity(
        uscc=code,
        legal_name=f"杭州示例{serial}贸易有限公司",
        type=Entity.Type.COMPANY,
        type_name="有限责任公司",
        registered_district=district.code,
        district=district.code,
        district_name=district.name,
        legal_representative="林示例",
        representative_id="330199199001010011",
        registered_address=f"浙江省杭州市{district.name}示例路{serial}号",
        place_of_business=f"浙江省杭州市{district.name}示例路{serial}号",
        business_scope="出版物零售；日用百货销售；食品销售",
        industry="F",
        registered_capital=500,
        established_on=ISSUED,
        phone="13800000000",
    )


def _letters(serial: int) -> str:
    digits = ""
    for _ in range(5):
        serial, rest = divmod(serial, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits


def _record(entity: Entity, material: str, department: str, subject: str) -> Record:
    kind, _, key = subject.partition(":")
    attributes: Sequence[dict[str, str]] = materials()[material].attributes
    return Record(
        department=department,
        material=material,
        number=f"{material}-{entity.pk:08d}",
        subject_kind=kind,
        subject_key=key,
        entity=entity.uscc,
        holder_name=entity.legal_name,
        attributes={str(a["code"]): str(a["example"]) for a in attributes},
        issued_on=ISSUED,
        valid_until=VALID_UNTIL,
    )
