"""Whom or what evidence is about, as read from the form."""

from __future__ import annotations

import pytest

from services.cases.planning.subjects import subjects_of
from services.common.subjects import Subject
from tests.cases.planning.build import COMPANY, REGISTRY, USCC, link


def read(kind: str, text: str, *, several: bool = False) -> tuple[Subject, ...]:
    one = link("M051", subject=kind, subject_field="x")
    return subjects_of(one, fields={"x": text}, registry=REGISTRY, several=several)


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("person", "33019919900101001x", "33019919900101001X"),
        ("person", "王示例 330199199001010011", "330199199001010011"),
        (
            "person",
            "王示例（３３０１９９１９９００１０１００１１）",
            "330199199001010011",
        ),
        ("person", "王示例", "王示例"),
        ("premises", "浙江省杭州市 西湖区文三路１号", "西湖区文三路1号"),
        ("project", " 2401-330106-04-01-100001 ", "2401-330106-04-01-100001"),
        ("vehicle", "浙a12345", "浙A12345"),
        ("device", "de 1001", "DE1001"),
        ("other_entity", "９１３３０１０２fake000139", USCC),
    ],
)
def test_a_key_does_not_depend_on_spelling(kind: str, text: str, key: str) -> None:
    assert read(kind, text) == (Subject(kind, key),)


@pytest.mark.parametrize("kind", ["person", "premises", "vehicle", "project"])
def test_an_entry_too_long_to_be_anything_asks_about_the_company(kind: str) -> None:
    assert read(kind, "某" * 5000) == (Subject("entity", USCC),)


@pytest.mark.parametrize(
    ("kind", "text", "keys"),
    [
        ("person", "王一 330199199001010011\n李二 330199199001010022", 2),
        ("person", "王一 330199199001010011；李二 330199199001010022", 2),
        ("person", "王一，330199199001010011、李二，330199199001010022", 2),
        ("person", "王一 330199199001010011\n王一 330199199001010011\n", 1),
        ("vehicle", "浙A12345 解放\n浙A54321 东风", 2),
        ("vehicle", "示例一号 201801234567；示例二号 201801234568", 2),
    ],
)
def test_a_list_has_one_subject_per_entry(kind: str, text: str, keys: int) -> None:
    assert len(read(kind, text, several=True)) == keys


def test_people_are_known_by_number_not_by_name() -> None:
    both = read("person", "王一，330199199001010011、李二", several=True)

    assert both == (
        Subject("person", "330199199001010011"),
        Subject("person", "李二"),
    )


def test_a_vehicle_is_known_by_its_plate_alone() -> None:
    assert read("vehicle", "浙A12345 解放牌", several=True) == (
        Subject("vehicle", "浙A12345"),
    )


@pytest.mark.parametrize(
    "kind", ["person", "premises", "project", "vehicle", "other_entity"]
)
@pytest.mark.parametrize("several", [True, False])
def test_while_the_field_is_empty_it_is_the_company(kind: str, several: bool) -> None:
    assert read(kind, " ", several=several) == (COMPANY,)


def test_the_representative_is_known_from_the_register() -> None:
    one = link("M015", subject="person", subject_field="legal_rep_id")

    read_ = subjects_of(one, fields={}, registry=REGISTRY, several=False)

    assert read_ == (Subject("person", "330199199001010011"),)


def test_a_material_of_the_company_is_about_the_company() -> None:
    one = link("M001")

    assert subjects_of(one, fields={}, registry=REGISTRY, several=False) == (COMPANY,)
