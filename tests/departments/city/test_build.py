"""A city: the same numbers make the same rows, and every item finds its company."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from services.catalogue.models import ItemVersion
from services.catalogue.operations.load import load_catalogue
from services.catalogue.queries import definition_of
from services.departments.city.build import CityAlreadySeeded, build_city
from services.departments.city.cast import CAST
from services.departments.models import Record
from services.registry.models import Entity, Seeding
from services.registry.uscc import parse
from tests.clock import NOON
from tests.databases import statements
from tests.departments.city.applying import plan_for, unsettled
from tests.factories.registry import EntityFactory

AS_OF = date(2026, 11, 23)
SECOND_CITY = Path(__file__).parents[2] / "fixtures" / "second_city"


def build(companies: int = 40, seed: int = 7, as_of: date = AS_OF):
    return build_city(companies=companies, seed=seed, as_of=as_of)


def tear_down() -> None:
    Seeding.objects.all().delete()
    Entity.objects.all().delete()


def digest() -> str:
    """Return what identifies every row of the city, its key apart."""
    rows = hashlib.sha256()
    for model in (Entity, Record):
        names = [f.attname for f in model._meta.concrete_fields if not f.primary_key]
        for row in model.objects.order_by("pk").values_list(*names):
            rows.update(repr(row).encode())
    return rows.hexdigest()


def test_the_same_seed_and_date_make_the_same_bytes(catalogue) -> None:
    build()
    first = digest()
    tear_down()
    build()

    assert digest() == first


@pytest.mark.parametrize("other", [{"seed": 8}, {"as_of": date(2026, 11, 24)}])
def test_another_seed_or_date_makes_another_city(catalogue, other) -> None:
    build()
    first = digest()
    tear_down()
    build(**other)

    assert digest() != first


def test_companies_do_not_change_when_the_city_grows(catalogue) -> None:
    build(companies=260)
    small = list(Entity.objects.order_by("pk").values_list("uscc", "legal_name"))
    tear_down()
    build(companies=300)

    large = list(Entity.objects.order_by("pk").values_list("uscc", "legal_name"))
    assert large[:260] == small


def test_every_item_has_a_company_fit_for_it(catalogue) -> None:
    versions = ItemVersion.objects.filter(valid_until__isnull=True)
    definitions = [definition_of(version) for version in versions]

    report = build(companies=len(definitions))

    entities = Entity.objects.in_bulk(field_name="uscc")
    troubles = {}
    for definition in definitions:
        entity = entities[report.made_for[definition.code]]
        plan = plan_for(entity, definition, as_of=AS_OF)
        if entity.status != Entity.Status.ACTIVE or plan.stop or unsettled(plan):
            troubles[definition.code] = (entity, plan.stop, unsettled(plan))
    assert troubles == {}


def test_a_small_city_serves_the_most_wanted_items(catalogue) -> None:
    report = build(companies=20)

    wanted = ItemVersion.objects.order_by("-item__weight", "item__seq")
    assert wanted[0].item_id in report.made_for
    assert len(report.made_for) >= 15


def test_building_the_same_city_again_does_nothing(catalogue) -> None:
    first = build()
    before = digest()

    again = build()

    assert again.already
    assert again.made_for == first.made_for
    assert digest() == before


def test_another_city_is_refused(catalogue) -> None:
    build()
    before = digest()

    with pytest.raises(CityAlreadySeeded):
        build(seed=8)

    assert digest() == before


def test_a_register_that_others_filled_is_left_alone(catalogue) -> None:
    EntityFactory()

    with pytest.raises(CityAlreadySeeded):
        build()

    assert Entity.objects.count() == 1


def test_records_left_by_a_broken_run_are_cleared(catalogue) -> None:
    build()
    whole = digest()
    tear_down()
    build(seed=8)
    tear_down()  # as if the second of the two databases was never written

    build()

    assert digest() == whole


def test_rows_are_written_in_bulk(catalogue) -> None:
    with (
        CaptureQueriesContext(connections["default"]) as register,
        CaptureQueriesContext(connections["departments"]) as departments,
    ):
        report = build(companies=120)

    assert report.records > 2000
    made = [*statements(register), *statements(departments)]
    written = [each for each in made if each.startswith("INSERT")]
    assert len(written) < report.records / 20


def test_companies_are_fictional_and_unlike_each_other(catalogue) -> None:
    report = build(companies=300)

    entities = list(Entity.objects.all())
    assert report.companies == 300
    assert {parse(entity.uscc).body[:3] for entity in entities} == {"FAK"}
    for name in ("uscc", "legal_name", "representative_id", "phone"):
        assert len({getattr(entity, name) for entity in entities}) == 300, name


def test_a_licence_may_carry_a_district_that_is_no_more(catalogue) -> None:
    build(companies=300)

    old = Entity.objects.filter(registered_district__in=["330103", "330104"])
    assert old.exists()
    assert set(old.values_list("district", flat=True)) == {"330102", "330105"}
    assert not Entity.objects.filter(district__in=["330103", "330104"]).exists()


def test_the_surplus_has_every_state_and_defect(catalogue) -> None:
    report = build(companies=500)

    assert set(report.states) == set(Entity.Status.values)
    assert report.states["active"] > 400
    assert set(report.defects) == {
        *("expired", "revoked", "former_name", "other_holder"),
        *("no_record", "disagrees"),
    }
    assert 0.02 < sum(report.defects.values()) / report.records < 0.12


def test_no_number_is_given_to_two_companies(catalogue) -> None:
    build(companies=300)

    owners: dict[tuple[str, str], set[str]] = {}
    rows = Record.objects.values_list("material", "number", "entity")
    for material, number, entity in rows:
        owners.setdefault((material, number), set()).add(entity)
    assert [key for key, of in owners.items() if len(of) > 1] == []


def test_another_city_needs_no_change_of_code(catalogue) -> None:
    load_catalogue(directory=SECOND_CITY, now=NOON)

    report = build(companies=12)

    versions = ItemVersion.objects.filter(
        valid_until__isnull=True, item__withdrawn_on__isnull=True
    )
    assert set(report.made_for) == {version.item_id for version in versions}
    for version in versions:
        entity = Entity.objects.get(uscc=report.made_for[version.item_id])
        plan = plan_for(entity, definition_of(version), as_of=AS_OF)
        assert (plan.stop, unsettled(plan)) == (None, []), version
    assert not Entity.objects.filter(uscc__in=CAST.values()).exists()
