"""Each defect makes the department answer what it stands for."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from services.catalogue.models import ItemVersion
from services.catalogue.queries import definition_of
from services.common.subjects import Subject
from services.departments.city.defects import (
    DISAGREES,
    EXPIRED,
    FORMER_NAME,
    OTHER_HOLDER,
    REVOKED,
    SHARES,
    apply_defect,
)
from services.departments.city.dossier import Dossier, make_dossier
from services.departments.city.hold import city_ground, hold_everything_for
from services.departments.gateways.contract import Question
from services.departments.gateways.judging import Holding, answer_question
from services.departments.models import Record
from services.registry.models import Entity
from tests.factories.registry import EntityFactory

AS_OF = date(2026, 11, 23)
FOOD_LICENCE, RENEWAL = "M004", 6


@pytest.fixture
def entity(catalogue) -> Entity:
    return EntityFactory(former_names=["杭州旧名餐饮有限公司"])


@pytest.fixture
def dossier(entity: Entity) -> Dossier:
    return make_dossier(entity, city_ground(), as_of=AS_OF)


@pytest.fixture
def licence(entity: Entity) -> Record:
    version = ItemVersion.objects.get(item__seq=RENEWAL, valid_until__isnull=True)
    held = hold_everything_for(entity, definition_of(version), as_of=AS_OF)
    return next(record for record in held if record.material == FOOD_LICENCE)


def answer(record: Record, entity: Entity):
    question = Question(
        request_id="1",
        material=record.material,
        subject=Subject("entity", entity.uscc),
        entity=entity.uscc,
        holder_name=entity.legal_name,
        former_names=tuple(entity.former_names),
        purpose="test",
        basis="test",
    )
    holding = Holding(*(getattr(record, name) for name in Holding._fields))
    return answer_question(question, [holding], AS_OF)


def test_a_record_without_defect_is_found(licence, entity) -> None:
    assert answer(licence, entity).outcome == "FOUND"


@pytest.mark.parametrize(
    ("defect", "code"),
    [
        (EXPIRED, "EXPIRED"),
        (REVOKED, "REVOKED"),
        (OTHER_HOLDER, "HOLDER_MISMATCH"),
    ],
)
def test_the_department_says_what_is_wrong(
    defect: str, code: str, licence, entity, dossier
) -> None:
    assert apply_defect(defect, licence, dossier, Random(1))

    assert (answer(licence, entity).outcome, answer(licence, entity).code) == (
        "NOT_FOUND",
        code,
    )


def test_an_expired_record_shows_the_day_it_ended(licence, dossier) -> None:
    apply_defect(EXPIRED, licence, dossier, Random(1))

    assert licence.attributes["valid_to"] == licence.valid_until.isoformat()
    assert licence.valid_until < AS_OF


def test_a_record_in_the_former_name_is_found_as_such(licence, entity, dossier) -> None:
    assert apply_defect(FORMER_NAME, licence, dossier, Random(1))

    assert answer(licence, entity).under_former_name
    assert licence.attributes["holder_name"] == "杭州旧名餐饮有限公司"


def test_who_never_had_another_name_cannot_have_that_defect(
    licence, entity, dossier
) -> None:
    entity.former_names = []

    assert not apply_defect(FORMER_NAME, licence, dossier, Random(1))
    assert licence.holder_name == entity.legal_name


def test_two_registers_disagree_about_a_place(licence, entity, dossier) -> None:
    assert apply_defect(DISAGREES, licence, dossier, Random(1))

    assert licence.attributes["site_address"] != entity.place_of_business
    assert answer(licence, entity).outcome == "FOUND"


def test_a_record_without_an_end_cannot_expire(licence, dossier) -> None:
    licence.valid_until = None

    assert not apply_defect(EXPIRED, licence, dossier, Random(1))


def test_the_stated_shares_are_a_small_part() -> None:
    assert 0 < sum(SHARES.values()) < 0.2
