"""The definition of an item says what the files say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.catalogue.compose import compose_item
from services.catalogue.definition import Definition, from_json, to_json
from services.catalogue.files import read_tables
from services.catalogue.source import Catalogue

HANGZHOU = Catalogue(read_tables(Path(__file__).parents[2] / "fixtures" / "catalogue"))


def defined(seq: str) -> Definition:
    return compose_item(HANGZHOU, HANGZHOU.items[seq])


def test_every_definition_survives_being_stored() -> None:
    for seq in HANGZHOU.items:
        definition = defined(seq)
        assert from_json(json.loads(json.dumps(to_json(definition)))) == definition


def test_the_food_licence_is_what_the_files_say() -> None:
    food = defined("4")

    assert (food.code, food.department, food.instant) == ("HZ-004", "scjg", False)
    assert (food.statutory_unit, food.promised_days) == ("working_day", 3)
    assert (food.result_material, food.result_validity_months) == ("M004", 60)
    assert food.materials[:2] == ("M001", "M099")
    assert food.before["visits"] > food.visits_now
    assert [field.common for field in food.fields].index(False) == 15
    assert food.guide["flow"].startswith("申请")
    assert (food.licence_material, food.credit_material) == ("M001", "M086")


@pytest.mark.parametrize(
    ("seq", "material", "how", "holder"),
    [
        ("4", "M001", "exchange", "scjg"),
        ("4", "M099", "form", ""),
        ("4", "M131", "upload", ""),
        ("4", "M101", "upload", ""),
        ("6", "M100", "sign", ""),
        ("18", "M135", "exchange", "scjg"),  # third party, but its data is held
        ("51", "M153", "exchange", "jtys"),
    ],
)
def test_a_material_reaches_the_case_in_its_own_way(
    seq: str, material: str, how: str, holder: str
) -> None:
    link = defined(seq).links[material]

    assert (link.how, link.holder) == (how, holder)


def test_no_item_asks_for_what_government_issued() -> None:
    asked = [
        (seq, link.material)
        for seq in HANGZHOU.items
        for link in defined(seq).links.values()
        if link.kind == "government_issued" and link.how != "exchange"
    ]

    assert asked == []


def test_what_makes_a_material_is_an_item_one_can_begin_with() -> None:
    renewal = defined("6")

    assert renewal.links["M004"].made_by == ("HZ-004",)
    assert renewal.links["M001"].made_by == ()


@pytest.mark.parametrize(
    ("seq", "material"),
    [("4", "M004"), ("6", "M004"), ("73", "M031"), ("110", "R110")],
)
def test_a_result_becomes_a_material(seq: str, material: str) -> None:
    assert defined(seq).result_material == material


def test_an_answer_on_the_applicants_word_is_marked() -> None:
    questions = {question.code: question for question in defined("1").questions}

    assert questions["food_class"].confirm
    assert sum(q.confirm for s in HANGZHOU.items for q in defined(s).questions) == 81


def test_reference_to_another_item_is_its_code() -> None:
    (moved,) = [e for e in defined("2").effects if e.kind == "refer_item"]

    assert moved.value == "HZ-001"


def test_groups_know_why_the_item_has_them() -> None:
    groups = {group.code: group for group in defined("4").groups}

    assert groups["G_PREMISES"].basis == "listed"
    assert groups["G_HEAD_ID"].basis == "fallback"
    assert [m.only_if_others_not_found for m in groups["G_PREMISES"].members] == [
        *(False, False, True)
    ]


def test_a_group_that_only_an_answer_brings_says_so() -> None:
    groups = [g for seq in HANGZHOU.items for g in defined(seq).groups]

    assert {group.basis for group in groups} == {"listed", "fallback", "effect"}


def test_another_authority_has_its_level() -> None:
    assert defined("1").authorities["food_class/special"] == "province"
