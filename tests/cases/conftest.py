"""A catalogue, staff, and a company."""

from __future__ import annotations

import pytest

from services.accounts.operations.seed_staff import seed_staff
from services.registry.models import Entity
from tests.clock import NOON
from tests.factories.cases import REPRESENTATIVE_ID
from tests.factories.registry import EntityFactory


@pytest.fixture
def staffed(catalogue) -> None:
    """Have somebody on duty in every office."""
    seed_staff(seed=1, now=NOON)


@pytest.fixture
def company(staffed, settings) -> Entity:
    """Have an active company in Shangcheng; departments answer at once."""
    settings.TIME_SCALE = 0
    return EntityFactory(
        uscc="91330102FAKE000139",
        legal_name="杭州示例餐饮有限公司",
        district="330102",
        district_name="上城区",
        place_of_business="杭州市上城区解放路1号",
        registered_address="杭州市上城区解放路1号",
        registered_capital=5000,
        representative_id=REPRESENTATIVE_ID,
    )


@pytest.fixture
def other_company(staffed) -> Entity:
    """Have another company, which must see nothing of the first."""
    return EntityFactory(uscc="91330106FAKE00021X", legal_name="杭州别家有限公司")
