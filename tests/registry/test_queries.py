"""Finding a company by its number, and what the register says of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.common.errors import DomainError
from services.registry.queries import (
    EntityDeregistered,
    EntityMovedAway,
    EntityRevoked,
    EntityUnknown,
    LicenceNumberInvalid,
    find_entity,
    refuse_unable,
    registry_facts,
)
from tests.factories.registry import EntityFactory

pytestmark = pytest.mark.django_db


class TestFindEntity:
    def test_finds_it_in_any_spelling(self) -> None:
        entity = EntityFactory()
        EntityFactory()

        assert find_entity(f" {entity.uscc.lower()} ") == entity

    def test_says_which_check_failed(self) -> None:
        with pytest.raises(LicenceNumberInvalid, match="第 18 位") as caught:
            find_entity("91330102FAKE000138")

        assert caught.value.code == "wrong_check_digit"

    def test_a_right_number_of_nobody_is_unknown(self) -> None:
        with pytest.raises(EntityUnknown, match="91330102FAKE000139") as caught:
            find_entity("91330102FAKE000139")

        assert caught.value.code == "entity_unknown"

    def test_a_company_that_is_gone_is_still_found(self) -> None:
        entity = EntityFactory(revoked=True)

        assert find_entity(entity.uscc) == entity


class TestRefuseUnable:
    @pytest.mark.parametrize(
        ("trait", "refusal", "code"),
        [
            ("revoked", EntityRevoked, "entity_revoked"),
            ("deregistered", EntityDeregistered, "entity_deregistered"),
            ("moved_away", EntityMovedAway, "entity_moved_away"),
        ],
    )
    def test_names_the_state_and_nothing_else(
        self, trait: str, refusal: type[DomainError], code: str
    ) -> None:
        entity = EntityFactory(**{trait: True})

        with pytest.raises(refusal) as caught:
            refuse_unable(entity)

        assert caught.value.code == code
        assert entity.legal_name not in str(caught.value)

    @pytest.mark.parametrize("trait", ["suspended", "abnormal"])
    def test_lets_a_resting_or_listed_company_file(self, trait: str) -> None:
        entity = EntityFactory(**{trait: True})

        assert refuse_unable(entity) is None

    def test_lets_an_active_company_file(self) -> None:
        assert refuse_unable(EntityFactory()) is None


class TestRegistryFacts:
    def test_writes_everything_as_text(self) -> None:
        entity = EntityFactory(registered_capital=Decimal("500.00"))
        entity.refresh_from_db()

        facts = registry_facts(entity)

        assert facts["registered_capital"] == "500"
        assert facts["established_on"] == "2018-05-16"
        assert facts["district"] == "西湖区"
        assert facts["place_district"] == "330106"
        assert facts["entity_type"] == "有限责任公司（自然人投资或控股）"
        assert {type(value) for value in facts.values()} == {str}

    def test_half_a_unit_of_capital_is_kept(self) -> None:
        entity = EntityFactory.build(registered_capital=Decimal("0.50"))

        assert registry_facts(entity)["registered_capital"] == "0.5"

    def test_a_sole_trader_states_no_capital(self) -> None:
        entity = EntityFactory.build(sole_trader=True)

        assert registry_facts(entity)["registered_capital"] == ""
