"""All items of the catalogue: none asks for, or stores, a government-issued paper."""

from __future__ import annotations

import pytest

from services.cases.models import Case, Requirement, Upload
from services.catalogue.models import Material
from services.catalogue.queries import items
from tests.factories.cases import REPRESENTATIVE_ID, filed, hold_for
from tests.factories.registry import EntityFactory

PARTS = 8
ENDED_WELL = {Case.State.APPROVED, Case.State.CERTIFIED, Case.State.DELIVERED}


def company_for(seq: int):
    return EntityFactory(
        place_of_business="杭州市上城区解放路1号",
        registered_address="杭州市上城区解放路1号",
        district="330102",
        district_name="上城区",
        legal_name=f"杭州第{seq}号示例有限公司",
        representative_id=REPRESENTATIVE_ID,
        registered_capital=5000,
    )


@pytest.fixture
def government_issued(catalogue) -> set[str]:
    rows = Material.objects.filter(kind=Material.Kind.GOVERNMENT_ISSUED)
    return set(rows.values_list("code", flat=True))


@pytest.mark.parametrize("part", range(PARTS))
def test_an_eligible_company_gets_a_decision_or_a_named_person(
    company, government_issued, part
):
    stuck = {}
    for item in items():
        if item.seq % PARTS != part:
            continue
        entity = company_for(item.seq)
        hold_for(entity, item.code)
        case = filed(entity, item.code)
        named = case.tasks.filter(closed_at__isnull=True).exclude(assignee_name="")
        if case.state not in ENDED_WELL and not named.exists():
            stuck[item.code] = case.state

    assert stuck == {}
    assert not Upload.objects.filter(material_code__in=government_issued).exists()


@pytest.mark.parametrize("part", range(PARTS))
def test_who_lacks_a_material_gets_the_ladder_and_never_an_upload_field(
    company, government_issued, part
):
    wrong = {}
    for item in items():
        if item.seq % PARTS != part:
            continue
        entity = company_for(item.seq)
        case = filed(entity, item.code)
        for row in case.requirements.exclude(state=Requirement.State.SATISFIED):
            ways = {(m["material"], m["how"]) for m in row.members}
            asked = {code for code, how in ways if how == "upload"}
            if asked & government_issued:
                wrong[item.code] = asked
            if row.state == Requirement.State.MISSING and not row.ladder:
                wrong[item.code] = row.name

    assert wrong == {}
    assert not Upload.objects.filter(material_code__in=government_issued).exists()
