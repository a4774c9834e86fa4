"""Loading: all or nothing, twice is once, a change is a new version."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from services.catalogue.lint import CatalogueRefused
from services.catalogue.models import (
    CatalogueVersion,
    Department,
    Item,
    ItemVersion,
    LifeEvent,
    Material,
    Office,
)
from services.catalogue.operations.load import LoadReport, load_catalogue
from services.common.actors import Actor
from services.ledger.explore import Filters, explore
from services.ledger.models import LogEntry
from tests.catalogue.lint.breaking import Files
from tests.clock import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)
MODELS = (
    *(CatalogueVersion, Department, Office, Material, Item, ItemVersion, LifeEvent),
    LogEntry,
)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Give a small catalogue that is loaded, in a folder that may be changed."""
    files = Files(tmp_path)
    load_catalogue(directory=files.directory, now=NOON)
    return files


def everything() -> dict[str, list[dict[str, object]]]:
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in MODELS}


def in_force(code: str) -> ItemVersion:
    return ItemVersion.objects.get(item=code, valid_until__isnull=True)


class TestLoadCatalogue:
    def test_makes_departments_offices_materials_items_and_bundles(
        self, files: Files
    ) -> None:
        assert Department.objects.get(code="smj").snapshot_hours == 24
        assert Material.objects.get(code="W031").holder_id == "smj"
        assert Material.objects.get(code="W030").holder is None
        assert Material.objects.get(code="W004").attributes[0]["code"] == "cert_no"
        assert Item.objects.filter(withdrawn_on=None).count() == 5
        assert LifeEvent.objects.get().steps[1] == {
            "item": "YC-001",
            "order": 2,
            "depends_on": ["YC-005"],
            "note": "先取得消防意见",
        }

    def test_makes_an_office_for_each_district_that_still_exists(
        self, files: Files
    ) -> None:
        offices = Office.objects.filter(department="gaj").order_by("code")

        assert list(offices.values_list("code", "district", "name")) == [
            ("gaj", "", "云川市公安署"),
            ("gaj-990101", "990101", "东岭区公安分署"),
            ("gaj-990102", "990102", "西湾区公安分署"),
        ]

    def test_makes_no_district_office_without_a_pattern(self, files: Files) -> None:
        assert Office.objects.filter(department="xyb").count() == 1

    def test_spreads_the_remaining_demand_over_the_other_items(
        self, files: Files
    ) -> None:
        weights = dict(
            Item.objects.filter(withdrawn_on=None).values_list("seq", "weight")
        )

        assert weights == {1: 12, 2: 2, 3: 2, 4: 2, 5: 2}

    def test_logs_who_published_what(self, files: Files) -> None:
        keeper = Actor(kind="human", id="keeper", role="operator")
        files.edit("items", {"seq": "4"}, legal_basis="《新办法》（虚构）")

        load_catalogue(directory=files.directory, now=LATER, actor=keeper)

        entry = explore(Filters(type="catalogue.published")).lines[0]
        assert (entry.actor, entry.details["new_versions"]) == ("keeper", 1)
        assert (
            entry.details["catalogue"] == CatalogueVersion.objects.latest("pk").digest
        )

    def test_changes_nothing_the_second_time(self, files: Files) -> None:
        before = everything()

        report = load_catalogue(directory=files.directory, now=LATER)

        assert report == LoadReport(items=5)
        assert everything() == before

    def test_gives_a_changed_item_a_new_version_and_leaves_the_others(
        self, files: Files
    ) -> None:
        old = in_force("YC-002")
        untouched = set(
            ItemVersion.objects.exclude(item="YC-002").values_list("pk", "valid_until")
        )
        files.edit("guides", {"item_seq": "2"}, faq_a1="不用，系统会核验。")

        report = load_catalogue(directory=files.directory, now=LATER)

        old.refresh_from_db()
        assert report.new_versions == 1
        assert old.valid_until == LATER
        assert in_force("YC-002").number == old.number + 1
        assert old.definition["guide"]["faq_a1"] == "不用，由系统核验。"
        assert untouched == set(
            ItemVersion.objects.exclude(item="YC-002").values_list("pk", "valid_until")
        )

    def test_a_changed_question_is_a_new_version_of_its_item_only(
        self, files: Files
    ) -> None:
        files.edit(
            "effects", {"item_seq": "5", "effect": "add_promised_days"}, value="9"
        )

        assert load_catalogue(directory=files.directory, now=LATER).new_versions == 1
        assert in_force("YC-005").valid_from == LATER

    def test_withdraws_an_item_that_is_no_longer_listed(self, files: Files) -> None:
        drop_item_four(files)

        report = load_catalogue(directory=files.directory, now=LATER)

        gone = Item.objects.get(code="YC-004")
        # The outlet filing changes too: nobody makes its performance receipt now.
        assert (report.withdrawn, report.new_versions) == (1, 1)
        assert in_force("YC-003").valid_from == LATER
        assert gone.withdrawn_on == LATER.date()
        assert gone.versions.latest("number").valid_until == LATER

    def test_takes_a_withdrawn_item_back_with_a_new_number(
        self, files: Files, tmp_path: Path
    ) -> None:
        before = in_force("YC-004").number
        drop_item_four(files)
        load_catalogue(directory=files.directory, now=LATER)

        whole = Files(tmp_path / "again")
        report = load_catalogue(directory=whole.directory, now=LATER)

        assert report.changed
        assert Item.objects.get(code="YC-004").withdrawn_on is None
        assert in_force("YC-004").number == before + 1

    def test_forgets_a_material_that_is_no_longer_listed(self, files: Files) -> None:
        drop_item_four(files)
        files.drop("materials", {"code": "W023"})

        load_catalogue(directory=files.directory, now=LATER)

        assert not Material.objects.filter(code="W023").exists()

    def test_a_broken_row_refuses_everything_and_says_where(self, files: Files) -> None:
        files.edit("items", {"seq": "1"}, legal_basis="《改过的条例》")
        broken = files.edit("form_fields", {"item_seq": "3"}, label_en="")
        before = everything()

        with pytest.raises(CatalogueRefused) as refused:
            load_catalogue(directory=files.directory, now=LATER)

        (finding,) = refused.value.findings
        assert (finding.file, finding.line) == broken
        assert refused.value.problems[0].pointer == f"/form_fields.csv/{broken.line}"
        assert "补上英文译文" in str(refused.value)
        assert everything() == before

    def test_a_failure_while_writing_leaves_nothing_behind(
        self, files: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files.edit("items", {"seq": "1"}, legal_basis="《改过的条例》")
        before = everything()

        def refuse(*_args: object, **_kwargs: object) -> None:
            raise RuntimeError("the log is full")

        monkeypatch.setattr("services.catalogue.operations.load.record", refuse)
        with pytest.raises(RuntimeError):
            load_catalogue(directory=files.directory, now=LATER)

        assert everything() == before

    def test_advice_hinders_no_load(self, files: Files) -> None:
        files.drop("synonyms", {"item_seq": "3"})

        assert load_catalogue(directory=files.directory, now=LATER).changed

    def test_another_city_takes_the_numbers_over(
        self, files: Files, django_assert_max_num_queries
    ) -> None:
        with django_assert_max_num_queries(60):
            report = load_catalogue(directory=Path(settings.CATALOGUE_DIR), now=LATER)

        assert (report.items, report.withdrawn) == (251, 5)
        assert Office.objects.filter(code="scjg-330106").exists()
        assert Item.objects.get(seq=1, withdrawn_on=None).code == "HZ-001"


def drop_item_four(files: Files) -> None:
    """Take the open-air performance out of every file."""
    for name in ("items_extra", "guides", "synonyms", "effects"):
        files.drop(name, {"item_seq": "4"})
    for material in ("W001", "W020", "W023", "W008", "W006", "W030"):
        files.drop("item_materials", {"item_seq": "4", "material_code": material})
    for option in ("public", "private"):
        files.drop("situations", {"item_seq": "4", "option_code": option})
    for field in ("stage_address", "date"):
        files.drop("form_fields", {"item_seq": "4", "field_code": field})
    files.drop("result_alias", {"seq": "4"})
    files.drop("items", {"seq": "4"})
