"""Our books against theirs."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.departments.gateways.contract import Seen
from services.exchange.comparison import Comparison, Ours
from tests.clock import NOON


def ours(calls=1, outcome="FOUND", *, under_way=True) -> Ours:
    return Ours("scjg", calls, outcome, under_way)


def seen(outcome="FOUND", *, times=1, effects=0, department="scjg") -> Seen:
    later = NOON + timedelta(seconds=times)
    return Seen("r1", "question", department, times, effects, NOON, later, outcome)


def compare(mine: Ours | None, *theirs: Seen, most_effects=0) -> Comparison:
    found = Comparison()
    found.compare({"r1": mine} if mine else {}, theirs, most_effects=most_effects)
    return found


def whats(found: Comparison) -> list[str]:
    return [one.what for one in found.differences]


class TestDifferences:
    @pytest.mark.parametrize(
        ("mine", "theirs", "what"),
        [
            (ours(), None, "unknown_there"),
            (None, seen(), "unknown_here"),
            (ours(0, "", under_way=False), seen(), "unknown_here"),
            (ours(), seen("NOT_FOUND"), "other_outcome"),
            (ours(2), seen("DEFERRED", times=2), "other_outcome"),
            (ours(), seen(effects=1), "more_effects"),
        ],
    )
    def test_are_what_cannot_be(self, mine, theirs, what):
        found = compare(mine, *([theirs] if theirs else []))

        assert whats(found) == [what]
        assert not found.explained
        assert found.agreed == 0

    def test_name_both_sides(self):
        (one,) = compare(ours(), seen("NOT_FOUND")).differences

        assert one == ("other_outcome", "scjg", "r1", "1×FOUND", "1×NOT_FOUND")

    def test_count_effects_over_all_journals(self):
        twice = [seen(effects=1), seen(effects=1, department="hub")]

        assert whats(compare(ours(), *twice, most_effects=1)) == ["more_effects"]
        assert whats(compare(ours(), *twice, most_effects=2)) == []


class TestExplained:
    @pytest.mark.parametrize(
        ("mine", "theirs", "why"),
        [
            (ours(3, ""), [], {"not_reached": 1}),
            (ours(0, ""), [], {}),
            (ours(0, ""), [seen()], {"under_way": 1}),
            (ours(2, ""), [seen(times=2)], {"under_way": 1}),
        ],
    )
    def test_is_what_a_lost_call_or_a_lost_answer_leaves(self, mine, theirs, why):
        found = compare(mine, *theirs)

        assert not found.differences
        assert dict(found.explained) == why
        assert found.agreed == 0

    @pytest.mark.parametrize(
        "theirs",
        [
            [seen()],
            [seen(department="hub")],
            [seen("NOT_FOUND", times=2)],  # an officer had the system look once more
            [seen("DEFERRED"), seen(department="hub")],
        ],
    )
    def test_is_not_needed_where_both_say_the_same(self, theirs):
        found = compare(ours(), *theirs)

        assert not found.differences
        assert found.agreed == 1


@given(
    st.integers(0, 3),
    st.sampled_from(["", "FOUND", "NOT_FOUND"]),
    st.lists(st.builds(seen, st.sampled_from(["FOUND", "NOT_FOUND", "DEFERRED"]))),
)
def test_a_line_is_reported_agreed_or_explained_and_only_one_of_them(
    calls, outcome, theirs
):
    found = compare(ours(calls, outcome if calls else ""), *theirs)

    counted = found.agreed + found.explained.total() + len(found.differences)
    assert counted == (1 if theirs or calls else 0)
