"""Which office is competent: by level, by the item's rule, by what the form says."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases.planning.office import competent_office_key, district_of_address
from tests.cases.planning.build import PLACE, REGISTRY, definition, field, link, title

DISTRICTS = {
    "西湖区": "330106",
    "拱墅区": "330105",
    "滨江区": "330108",
    "下城区": "330105",  # abolished: its successor
}


def office(registry: dict[str, str] = REGISTRY, **values: Any) -> tuple[str, str]:
    """Return the office for an item about the place in `place`."""
    fields = values.pop("filled", {})
    project = link("M024", subject="project", subject_field="project_code")
    of = definition(title(), project, fields=(PLACE, field("project_code")), **values)
    return competent_office_key(of, fields, registry, DISTRICTS)


@pytest.mark.parametrize("level", ["city", "province_delegated"])
def test_city_matters_are_for_the_municipal_office(level: str) -> None:
    assert office(authority_level=level, filled={"place": "西湖区1号"}) == ("scjg", "")


@pytest.mark.parametrize("level", ["district", "vertical"])
def test_the_place_in_the_form_decides(level: str) -> None:
    filled = {"place": "杭州市滨江区江南大道1号"}

    assert office(authority_level=level, filled=filled) == ("scjg", "330108")


def test_without_one_the_place_of_business_on_the_register_does() -> None:
    assert office() == ("scjg", "330105")
    by_address = {**REGISTRY, "place_district": ""}
    assert office(by_address) == ("scjg", "330105")


def test_without_any_place_the_seat_does() -> None:
    seat = {"district": "西湖区"}

    assert office(seat) == ("scjg", "330106")
    assert office({"registered_address": "滨江区1号"}) == ("scjg", "330108")


def test_the_seat_counts_where_the_item_says_so() -> None:
    filled = {"place": "滨江区1号"}

    for rule in ("registered_address", "vehicle_registration"):
        assert office(jurisdiction=rule, filled=filled) == ("scjg", "330106")


def test_what_concerns_the_whole_city_is_municipal() -> None:
    assert office(jurisdiction="city_wide") == ("scjg", "")


def test_a_project_carries_its_district_in_its_code() -> None:
    filled = {"project_code": "2401-330108-04-01-100001", "place": "西湖区1号"}

    assert office(jurisdiction="project_site", filled=filled) == ("scjg", "330108")


def test_a_project_without_a_code_is_where_the_form_says() -> None:
    filled = {"project_code": "示例项目", "place": "拱墅区1号"}

    assert office(jurisdiction="project_site", filled=filled) == ("scjg", "330105")


def test_a_project_code_of_another_city_names_no_office() -> None:
    filled = {"project_code": "2401-330203-04-01-100001", "place": "西湖区1号"}

    assert office(jurisdiction="project_site", filled=filled) == ("scjg", "330106")


def test_an_abolished_district_is_its_successor() -> None:
    assert office(filled={"place": "下城区延安路1号"}) == ("scjg", "330105")


def test_nobody_knows_the_district_means_the_municipal_office() -> None:
    assert office({}) == ("scjg", "")


def test_the_district_named_first_counts() -> None:
    address = "杭州市滨江区西湖区联合大厦1号"

    assert district_of_address(address, DISTRICTS) == "330108"
