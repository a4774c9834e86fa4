"""Numbers that are well formed, belong to nobody and never repeat."""

from __future__ import annotations

import pytest

from services.cases.planning.entries import resident_id_holds
from services.registry.city.provider import (
    BIRTHDAYS,
    LAST_SERIAL,
    body_of,
    resident_id,
)
from services.registry.uscc import ALPHABET


@pytest.mark.parametrize(
    ("serial", "body"),
    [(1, "FAKE0001"), (9_999, "FAKE9999"), (10_000, "FAK00000"), (10_030, "FAK0000Y")],
)
def test_the_nth_company_has_a_body(serial: int, body: str) -> None:
    assert body_of(serial) == body


def test_bodies_are_fictional_spellable_and_distinct() -> None:
    serials = [*range(1, 12_000), 1_950_000, LAST_SERIAL - 1]
    bodies = [body_of(serial) for serial in serials]

    assert len(set(bodies)) == len(serials)
    assert {body[:3] for body in bodies} == {"FAK"}
    assert {len(body) for body in bodies} == {8}
    assert set("".join(bodies)) <= set(ALPHABET)


@pytest.mark.parametrize("serial", [0, -1, LAST_SERIAL])
def test_there_is_an_end_to_serials(serial: int) -> None:
    with pytest.raises(ValueError, match=str(serial)):
        body_of(serial)


def test_id_numbers_hold_and_are_distinct() -> None:
    numbers = [resident_id(city="330100", index=n) for n in range(BIRTHDAYS + 100)]

    assert [number for number in numbers if not resident_id_holds(number)] == []
    assert len(set(numbers)) == len(numbers)
    assert {number[:6] for number in numbers} == {"330199"}


def test_there_is_an_end_to_people() -> None:
    with pytest.raises(ValueError, match=str(BIRTHDAYS * 999)):
        resident_id(city="330100", index=BIRTHDAYS * 999)
