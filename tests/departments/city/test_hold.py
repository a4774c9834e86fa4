"""Departments can be made to hold, or not to hold, what an item needs."""

from __future__ import annotations

from datetime import date

import pytest

from services.catalogue.definition import Definition
from services.catalogue.models import ItemVersion
from services.catalogue.queries import definition_of, materials
from services.departments.city.hold import drop_material, hold_everything_for
from services.departments.city.needs import LEASED, OWN
from services.departments.models import Record
from tests.departments.city.applying import plan_for, unsettled
from tests.factories.registry import EntityFactory

AS_OF = date(2026, 11, 23)


def definitions() -> list[Definition]:
    return [
        definition_of(version)
        for version in ItemVersion.objects.filter(valid_until__isnull=True).order_by(
            "item__seq"
        )
    ]


def definition(seq: int) -> Definition:
    return next(d for d in definitions() if d.seq == seq)


@pytest.mark.parametrize("tenure", [OWN, LEASED])
def test_any_company_can_be_made_eligible_for_any_item(catalogue, tenure: str) -> None:
    troubles = {}
    for item in definitions():
        if tenure == OWN and not _asks_for_a_place(item):
            continue
        entity = EntityFactory()
        hold_everything_for(entity, item, as_of=AS_OF, tenure=tenure)

        plan = plan_for(entity, item, as_of=AS_OF)
        if plan.stop or unsettled(plan):
            troubles[item.code] = (plan.stop, unsettled(plan))

    assert troubles == {}


def test_one_company_can_be_made_eligible_for_several_items(catalogue) -> None:
    entity = EntityFactory()
    for seq in (4, 36, 229):
        hold_everything_for(entity, definition(seq), as_of=AS_OF)

    plans = [plan_for(entity, definition(seq), as_of=AS_OF) for seq in (4, 36, 229)]

    assert [unsettled(plan) for plan in plans] == [[], [], []]


def test_what_the_item_yields_is_not_held(catalogue) -> None:
    entity = EntityFactory()

    held = hold_everything_for(entity, definition(22), as_of=AS_OF)

    assert "M012" in definition(22).links
    assert "M012" not in {record.material for record in held}


def test_what_a_renewal_renews_is_held(catalogue) -> None:
    entity = EntityFactory()

    held = hold_everything_for(entity, definition(6), as_of=AS_OF)

    assert "M004" in {record.material for record in held}


def test_what_is_dropped_is_missing_and_never_asked_of_the_applicant(
    catalogue,
) -> None:
    asked, present = [], []
    for code, item in _government_materials().items():
        entity = EntityFactory()
        for tenure in (OWN, LEASED):
            hold_everything_for(entity, item, as_of=AS_OF, tenure=tenure)
        assert drop_material(entity, code)

        plan = plan_for(entity, item, as_of=AS_OF)
        members = [m for r in plan.requirements for m in r.members]
        asked += [m for m in members if m.material == code and m.how != "exchange"]
        present += [r for r in plan.requirements if r.satisfied_by == code]

    assert (asked, present) == ([], [])


def test_dropping_spares_other_companies_and_materials(catalogue) -> None:
    one, other = EntityFactory(), EntityFactory()
    for entity in (one, other):
        hold_everything_for(entity, definition(6), as_of=AS_OF)

    drop_material(one, "M004")

    left = set(
        Record.objects.filter(entity=one.uscc).values_list("material", flat=True)
    )
    assert "M004" not in left
    assert "M051" in left
    assert Record.objects.filter(entity=other.uscc, material="M004").exists()


def test_everything_held_fits_the_company_and_its_day(catalogue) -> None:
    entity = EntityFactory()
    for item in definitions():
        hold_everything_for(entity, item, as_of=AS_OF)

    odd = [
        str((record.material, record.attributes))
        for record in Record.objects.filter(entity=entity.uscc)
        if not (entity.established_on <= record.issued_on <= AS_OF)
        or (record.valid_until and record.valid_until < AS_OF)
        or set(record.attributes)
        != {a["code"] for a in materials()[record.material].attributes}
        or [
            c for c, text in record.attributes.items() if not text and c != "changed_on"
        ]
        or [text for text in record.attributes.values() if not isinstance(text, str)]
    ]

    assert odd == []


def test_every_material_that_departments_answer_for_can_be_held(catalogue) -> None:
    """But for what only the item asks for that yields it."""
    entity = EntityFactory()
    results = set()
    for item in definitions():
        results.add(item.result_material)
        for tenure in (OWN, LEASED):
            hold_everything_for(entity, item, as_of=AS_OF, tenure=tenure)

    held = set(Record.objects.values_list("material", flat=True))
    answered = {code for code, m in materials().items() if m.holder_id}
    assert answered - held - results == set()


def _government_materials() -> dict[str, Definition]:
    """Return for each material an item that always asks for it."""
    found: dict[str, Definition] = {}
    for item in definitions():
        for code in item.materials:
            if item.links[code].kind == "government_issued":
                found.setdefault(code, item)
    return found


def _asks_for_a_place(item: Definition) -> bool:
    return any(link.subject == "premises" for link in item.links.values())
