"""Marks are a set of ids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.ledger.marks import Marks

ids = st.sets(st.one_of(st.integers(0, 70_000), st.integers(0, 2**64 - 1)))


def marks(numbers: set[int]) -> Marks:
    made = Marks()
    assert all(made.add(number) for number in numbers)
    return made


@given(ids, ids)
def test_marks_behave_as_a_set(one: set[int], other: set[int]) -> None:
    both = one & other
    made = marks(one)

    assert made.common(marks(other)) == (min(both) if both else None)
    made.update(marks(other))
    assert all(number in made for number in one | other)
    assert not any(
        number + 1 in made for number in one if number + 1 not in one | other
    )


def test_an_id_is_new_once() -> None:
    made = marks({7})

    assert not made.add(7)
    assert made.add(8)
