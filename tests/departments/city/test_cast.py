"""The companies that stories count on are what their roles say."""

from __future__ import annotations

from datetime import date

import pytest

from services.cases.planning.plan import Plan
from services.catalogue.definition import Definition
from services.catalogue.models import ItemVersion
from services.catalogue.queries import definition_of
from services.departments.city.build import build_city
from services.departments.city.cast import CAST
from services.departments.models import Record
from services.registry.models import Entity
from services.registry.queries import EntityRevoked, refuse_unable
from tests.departments.city.applying import plan_for, unsettled

AS_OF = date(2026, 11, 23)
COMMITTED = {"commitment": ("yes",)}


@pytest.fixture
def city(catalogue) -> None:
    build_city(companies=10, seed=1, as_of=AS_OF)


def member(role: str) -> Entity:
    return Entity.objects.get(uscc=CAST[role])


def item(seq: int) -> Definition:
    return definition_of(
        ItemVersion.objects.get(item__seq=seq, valid_until__isnull=True)
    )


def held(entity: Entity) -> set[str]:
    return set(
        Record.objects.filter(entity=entity.uscc).values_list("material", flat=True)
    )


def first_needed(plan: Plan) -> set[tuple[str, str]]:
    return {
        (rung.material, rung.item)
        for requirement in plan.requirements
        if requirement.status == "missing"
        for rung in requirement.ladder
        if rung.kind == "apply_first"
    }


def test_the_restaurant_in_a_filed_lease_may_commit_and_be_served_at_once(city) -> None:
    entity = member("leased_restaurant")

    plan = plan_for(entity, item(4), as_of=AS_OF, answers=COMMITTED)

    assert (plan.stop, unsettled(plan), plan.instant) == (None, [], True)
    assert plan.answers["premises"] == ("leased",)
    assert {"M004", "M022"} & held(entity) == set()


def test_the_restaurant_in_its_own_house_is_inspected(city) -> None:
    entity = member("own_restaurant")

    plan = plan_for(entity, item(4), as_of=AS_OF)

    assert (plan.stop, unsettled(plan)) == (None, [])
    assert plan.answers["premises"] == ("own",)
    assert plan.inspection
    assert "M004" not in held(entity)


def test_one_company_needs_three_items_one_after_the_other(city) -> None:
    entity = member("three_deep")

    third, second, first = (
        plan_for(entity, item(seq), as_of=AS_OF) for seq in (230, 229, 76)
    )

    assert ("M047", "HZ-229") in first_needed(third)
    assert ("M034", "HZ-076") in first_needed(second)
    assert (first.stop, unsettled(first)) == (None, [])
    assert len(unsettled(third)) == len(unsettled(second)) == 1


def test_the_revoked_one_cannot_apply(city) -> None:
    entity = member("revoked")

    with pytest.raises(EntityRevoked):
        refuse_unable(entity)

    licence = Record.objects.get(material="M001", entity=entity.uscc)
    assert licence.status == Record.Status.REVOKED


def test_one_certificate_is_still_in_the_former_name(city) -> None:
    entity = member("former_name")

    licence = Record.objects.get(material="M004", entity=entity.uscc)

    assert [licence.holder_name] == entity.former_names
    assert licence.attributes["holder_name"] == licence.holder_name
    assert unsettled(plan_for(entity, item(6), as_of=AS_OF)) == []
