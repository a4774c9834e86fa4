"""Questions to the catalogue in force."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from services.catalogue import queries
from services.catalogue.models import CatalogueVersion, ItemVersion
from services.catalogue.operations.load import load_catalogue
from tests.catalogue.lint.breaking import SECOND_CITY
from tests.clock import NOON

pytestmark = pytest.mark.usefixtures("catalogue")


def test_an_item_is_named_by_code_number_or_name() -> None:
    wanted = ItemVersion.objects.get(item="HZ-004", valid_until__isnull=True)

    for text in ("HZ-004", "hz-4", "4", " 004 ", "食品经营许可"):
        assert queries.current_version(text) == wanted


def test_an_unknown_item_suggests_the_nearest_names() -> None:
    with pytest.raises(queries.ItemUnknown) as unknown:
        queries.current_version("食品经营许可证书")

    assert unknown.value.code == "item_unknown"
    assert unknown.value.nearest[0] == ("HZ-004", "食品经营许可")
    assert "食品经营许可" in str(unknown.value)


def test_a_definition_is_read_once() -> None:
    version = queries.current_version("HZ-004")

    definition = queries.definition_of(version)

    assert definition is queries.definition_of(version)
    assert (definition.code, definition.result_material) == ("HZ-004", "M004")


@pytest.mark.parametrize(
    ("department", "district", "level", "office"),
    [
        ("scjg", "330106", "district", "scjg-330106"),
        ("scjg", "330106", "city", "scjg"),
        ("scjg", "330106", "province_delegated", "scjg"),
        ("scjg", "", "district", "scjg"),
        ("scjg", "330103", "district", "scjg-330105"),  # 下城 went to 拱墅
        ("scjg", "330104", "district", "scjg-330102"),  # 江干 went to 上城
        ("scjg", "999999", "district", "scjg"),
        ("yz", "330106", "vertical", "yz"),  # has no district offices
        ("yc", "330106", "vertical", "yc-330106"),
    ],
)
def test_the_office_follows_level_and_district(
    department: str, district: str, level: str, office: str
) -> None:
    assert queries.office_for(department, district, level).code == office


def test_an_unknown_department_has_no_office() -> None:
    with pytest.raises(queries.OfficeUnknown):
        queries.office_for("nowhere", "330106", "district")


def test_items_yielding_leave_renewals_out() -> None:
    assert [item.code for item in queries.items_yielding("M004")] == ["HZ-004"]
    assert [item.code for item in queries.items_yielding("M055")] == [
        "HZ-049",
        "HZ-052",
        "HZ-053",
        "HZ-054",
    ]
    assert queries.items_yielding("M001") == []


def test_the_directory_is_complete() -> None:
    assert queries.departments().count() == 34
    assert queries.items().count() == 251
    assert queries.life_events().count() == 16
    assert len(queries.materials()) == 167
    assert queries.material("M135").holder.name == "市市场监管局"
    assert (
        queries.items_of_department("yz").get(code="HZ-243").name == "快递业务经营许可"
    )
    assert queries.popular_items(1)[0].weight == 900


def test_city_and_districts_are_typed() -> None:
    city = queries.city()

    assert (city.name, city.form_materials) == ("杭州市", ("M099", "M127"))
    assert city.item_code(4) == "HZ-004"
    assert queries.districts()["330103"].successor == "330105"
    assert sum(not d.abolished for d in queries.districts().values()) == 13


def test_search_goes_over_the_items_in_force() -> None:
    assert queries.search("开饭店")[0].department == "市市场监管局"


def test_a_question_costs_few_statements(django_assert_max_num_queries) -> None:
    version = queries.current_version("HZ-004")
    queries.search("开饭店")
    queries.definition_of(version)
    with django_assert_max_num_queries(1):
        queries.search("spjy")
    with django_assert_max_num_queries(2):
        queries.current_version("HZ-004")
    with django_assert_max_num_queries(0):
        queries.definition_of(version)


class TestAnotherCity:
    @pytest.fixture(autouse=True)
    def _another_city(self) -> None:
        queries.search("开饭店")
        load_catalogue(directory=SECOND_CITY, now=NOON + timedelta(days=1))

    def test_answers_come_from_the_newest_catalogue(self) -> None:
        assert queries.city().name == "云川市"
        assert queries.search("开饭店") == []
        assert queries.search("开酒坊")[0].code == "YC-001"
        assert queries.office_for("smj", "990103", "district").code == "smj-990101"
        assert [d.code for d in queries.departments()] == [
            *("bdc", "djzx", "gaj", "smj", "wtj", "xfd", "xyb")
        ]
        assert [item.code for item in queries.items_yielding("W004")] == ["YC-001"]

    def test_a_withdrawn_item_is_unknown(self) -> None:
        with pytest.raises(queries.ItemUnknown):
            queries.current_version("HZ-004")

    def test_the_first_city_may_come_back(self) -> None:
        load_catalogue(
            directory=Path(settings.CATALOGUE_DIR), now=NOON + timedelta(days=2)
        )

        assert queries.city().name == "杭州市"
        assert queries.current_version("HZ-004").number == 2


def test_without_a_catalogue_the_answer_says_so() -> None:
    CatalogueVersion.objects.all().delete()

    with pytest.raises(queries.CatalogueNotLoaded):
        queries.city()
