"""Another city, with other departments and items: loaded as data, nothing else."""

from __future__ import annotations

import pytest

from services.accounts.operations.seed_staff import seed_staff
from services.cases.models import Case, Upload
from services.cases.operations.accept import accept_case
from services.cases.operations.carry_on import carry_on
from services.cases.operations.confirm import finish_task
from services.cases.operations.decide import approve_case
from services.catalogue.operations.load import load_catalogue
from services.registry.models import Entity
from tests.catalogue.lint.breaking import SECOND_CITY
from tests.clock import NOON
from tests.factories.cases import (
    REPRESENTATIVE_ID,
    again,
    filed,
    hold_for,
    open_task,
    person_of,
)
from tests.factories.registry import EntityFactory
from tests.journeys.steps import how_it_stands

pytestmark = pytest.mark.django_db

WINERY, OUTLET, FIRE_CHECK = "YC-001", "YC-003", "YC-005"
LICENCE, OPINION = "W004", "W005"
AT_A_FAIR = "W007"  # who holds it is asked for more, and a reviewer decides
BEFORE_DECISION = ("confirm", "inspect")


@pytest.fixture
def winemaker(settings) -> Entity:
    """Have the other city, its people, and a company that wants to brew there."""
    settings.TIME_SCALE = 0
    load_catalogue(directory=SECOND_CITY, now=NOON)
    seed_staff(seed=1, now=NOON)
    entity = EntityFactory(
        registered_district="990101",
        district="990101",
        district_name="东岭区",
        legal_name="云川示例酒业有限公司",
        registered_address="云川市东岭区某路1号",
        representative_id=REPRESENTATIVE_ID,
    )
    for item in (WINERY, OUTLET, FIRE_CHECK):
        hold_for(entity, item, without={LICENCE, OPINION, AT_A_FAIR})
    return entity


def test_three_items_follow_from_each_other(winemaker):
    outlet = filed(winemaker, OUTLET)
    winery = filed(winemaker, WINERY)
    assert (outlet.state, outlet.waits_for) == (Case.State.PARKED, [LICENCE])
    assert (winery.state, winery.waits_for) == (Case.State.PARKED, [OPINION])

    fire_check = filed(winemaker, FIRE_CHECK)
    assert fire_check.office_id == "xfd-990101"
    lead_to_delivery(fire_check)
    lead_to_delivery(winery)

    for case in map(again, (outlet, winery, fire_check)):
        assert case.state == Case.State.DELIVERED, how_it_stands(case)
        assert case.number.startswith("990100-20261123-")
    assert again(winery).certificate.material_code == LICENCE
    assert set(Upload.objects.values_list("material_code", flat=True)) == {"W022"}


def lead_to_delivery(case: Case) -> None:
    """Let the named people accept, inspect and decide."""
    if again(case).state == Case.State.RECEIVED:
        person = person_of(open_task(case, "accept"))
        accept_case(case=case, actor=person, now=NOON)
        carry_on(now=NOON)
    for task in case.tasks.filter(kind__in=BEFORE_DECISION, closed_at__isnull=True):
        person = person_of(task)
        finish_task(task=task, passed=True, remark="", actor=person, now=NOON)
    carry_on(now=NOON)
    person = person_of(open_task(case, "decide"))
    approve_case(case=again(case), actor=person, now=NOON)
    carry_on(now=NOON)
