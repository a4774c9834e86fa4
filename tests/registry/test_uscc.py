"""Licence numbers: both check digits, and a problem that names what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.uscc import (
    ALPHABET,
    CATEGORIES,
    UsccProblem,
    body_digit,
    check_digit,
    generate,
    masked,
    parse,
)

VALID = "91330102FAKE000139"
REGISTERS = [(a, c) for a, categories in CATEGORIES.items() for c in categories]

numbers = st.builds(
    lambda register, division, body: generate(
        authority=register[0], category=register[1], division=division, body=body
    ),
    st.sampled_from(REGISTERS),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=8, max_size=8),
)


def problem(text: str) -> UsccProblem:
    with pytest.raises(UsccProblem) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "91330100799655058B",
        "91110000802100433B",
        "91330102FAKE000139",
        "91330106FAKE00021X",
        "92330108FAKE0003XF",
        "93330127FAKE00048W",
        "91330114FAKE000563",
    ],
)
def test_a_published_or_fictional_number_is_valid(text: str) -> None:
    assert parse(text).text == text


@pytest.mark.parametrize(
    "typed",
    [
        "  91330102FAKE000139\n",
        "91330102fake000139",
        "９１３３０１０２ＦＡＫＥ０００１３９",
        "91330102 FAKE 000139",
        "\ufeff91330102FAKE000139\u200b",
    ],
)
def test_spelling_does_not_matter(typed: str) -> None:
    assert parse(typed).text == VALID


def test_the_parts_are_told_apart() -> None:
    uscc = parse(VALID)

    assert uscc == (VALID, "9", "1", "330102", "FAKE00013")


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "wrong_length", {"length": 0}),
        ("91330102FAKE00013", "wrong_length", {"length": 17}),
        ("91330102FAKE0001399", "wrong_length", {"length": 19}),
        (
            "9133O102FAKE000139",
            "forbidden_letter",
            {"letter": "O", "position": 5, "hint": "0"},
        ),
        (
            "91330102FAKE00I139",
            "forbidden_letter",
            {"letter": "I", "position": 15, "hint": "1"},
        ),
        (
            "91330102FAKE-00139",
            "forbidden_letter",
            {"letter": "-", "position": 13, "hint": ""},
        ),
        (
            "91330102FAKE0001杭9",
            "forbidden_letter",
            {"letter": "杭", "position": 17, "hint": ""},
        ),
        ("B1330102FAKE000139", "unknown_authority", {"authority": "B"}),
        (
            "97330102FAKE000139",
            "unknown_category",
            {"authority": "9", "category": "7"},
        ),
        ("913301A2FAKE000139", "wrong_division", {"division": "3301A2"}),
        (
            "91330102FAKE000149",
            "wrong_body_digit",
            {"found": "4", "expected": "3"},
        ),
        (
            "91330102FAKE000138",
            "wrong_check_digit",
            {"found": "8", "expected": "9"},
        ),
        (
            "91350100M000100Y4Z",
            "forbidden_letter",
            {"letter": "Z", "position": 18, "hint": "2"},
        ),
    ],
)
def test_a_problem_says_exactly_what_is_wrong(
    text: str, code: str, params: dict[str, str | int]
) -> None:
    found = problem(text)

    assert (found.code, found.params) == (code, params)


def test_the_often_copied_wrong_example_ends_in_three() -> None:
    assert check_digit("91350100M000100Y4") == "3"


def test_the_outer_modulus_is_taken() -> None:
    """Without it 3 % of all numbers would have no check digit at all."""
    divisions = [f"3301{n:02d}" for n in range(40)]
    starts = [f"91{division}FAKE00013" for division in divisions]
    zero = [start for start in starts if check_digit(start) == "0"]

    assert zero
    assert parse(f"{zero[0]}0").text == f"{zero[0]}0"


@pytest.mark.parametrize(
    ("body", "digit"), [("FAKE0003", "X"), ("79965505", "8"), ("00000000", "0")]
)
def test_the_body_has_its_own_digit(body: str, digit: str) -> None:
    assert body_digit(body) == digit


def test_generating_refuses_parts_of_a_wrong_length() -> None:
    with pytest.raises(UsccProblem, match="wrong_length"):
        generate(authority="9", category="1", division="330106", body="FAKE1")


@given(numbers)
def test_what_is_generated_parses(number: str) -> None:
    assert parse(number).text == number


@given(numbers, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_change_of_one_character_is_noticed(
    number: str, place: int, letter: str
) -> None:
    """31 is prime and no weight is 0 mod 31, so one wrong value always shows."""
    changed = number[:place] + letter + number[place + 1 :]
    if changed != number:
        assert problem(changed).code != "wrong_length"


@given(numbers, st.integers(0, 16))
def test_every_swap_of_neighbours_is_noticed(number: str, place: int) -> None:
    one, two = number[place], number[place + 1]
    swapped = number[:place] + two + one + number[place + 2 :]
    if swapped != number:
        assert problem(swapped).code != "wrong_length"


def test_a_text_that_quotes_numbers_is_shown_without_them():
    assert masked("Key (91330100799655058B) exists.") == "Key (…) exists."
    assert masked("HZ-004, 12345") == "HZ-004, 12345"
