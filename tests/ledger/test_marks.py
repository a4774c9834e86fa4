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


@given(st.lists(st.tuples(st.integers(-70_000, 70_000), st.integers(1, 40_000))))
def test_ids_marked_together_are_those_marked_one_by_one(
    runs: list[tuple[int, int]],
) -> None:
    numbers = [
        first + at for first, count in runs for at in range(0, count, 1 + count // 3)
    ]
    numbers += [n for first, count in runs[:2] for n in range(first, first + count)]
    together, one_by_one = Marks(), Marks()

    assert together.add_all(numbers) == (
        len({n for n in numbers if one_by_one.add(n)}) == len(numbers)
    )
    assert all(number in together for number in numbers)
    assert not any(n + 1 in together for n in numbers if n + 1 not in one_by_one)
