"""Codes are shown by name, and a check says whom it is about."""

from __future__ import annotations

import pytest
from django.utils import translation

from services.web.names import about, department_name, item_name, material_name
from services.web.templatetags.words import anchor
from services.web.vocabulary import term


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("person:330199197901030019", "身份证尾号 0019"),
        ("vehicle:浙A12345", "浙A12345"),
        ("entity:91330102FAKE000139", ""),
        ("premises:西湖区教工路30号", ""),
    ],
)
def test_a_check_says_whom_it_is_about_but_no_whole_identity_number(subject, words):
    assert about(subject) == words


@pytest.mark.usefixtures("catalogue")
def test_codes_have_names_and_unknown_codes_stay():
    assert department_name("scjg-330106") == "市市场监管局"
    assert item_name("HZ-004") == "食品经营许可"
    assert material_name("M001") == "营业执照"
    assert (department_name("x"), item_name("x"), material_name("x")) == ("x",) * 3


def test_terms_of_the_catalogue_are_read_in_english_too():
    with translation.override("en"):
        assert (term("平方米"), term("送达"), term("头（羽）")) == (
            "m²",
            "Delivery",
            "头（羽）",
        )


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/fields/seats", "f-seats"),
        ("/answers/small", "a-small"),
        ("/materials/M101", "u-M101"),
        ("/reasons", ""),
        ("", ""),
    ],
)
def test_a_problem_points_at_its_part_of_the_form(pointer, place):
    assert anchor(pointer) == place
