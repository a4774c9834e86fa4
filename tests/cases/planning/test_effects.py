"""Precedence where two answers pull in two directions."""

from __future__ import annotations

import pytest

from services.cases.planning.effects import working_days
from services.cases.planning.plan import Plan
from services.catalogue.definition import Effect
from tests.cases.planning.build import (
    definition,
    effect,
    lease,
    link,
    plan,
    premises_group,
    question,
    title,
)

ASK = (question("p", "x*", "y"), question("q", "x*", "y"))


def planned(*effects: Effect, **item: object) -> Plan:
    links = (link("M001"), link("M002"), link("M003", source="situation"))
    return plan(definition(*links, questions=ASK, effects=effects, **item))


class TestMaterials:
    def test_require_beats_waive(self) -> None:
        waive = effect("p/x", "waive_material", "M002;M003")
        require = effect("q/x", "require_material", "M002;M003")

        assert planned(waive).slots == (("M001",),)
        assert planned(waive, require).slots == (("M001",), ("M002",), ("M003",))

    def test_a_required_member_leaves_its_group(self) -> None:
        require = effect("p/x", "require_material", "M091")
        of = definition(
            title(),
            lease(),
            questions=ASK,
            groups=(premises_group(),),
            effects=(require,),
        )

        assert plan(of).slots == (("M022",), ("M091",))

    def test_only_chosen_options_count(self) -> None:
        assert planned(effect("p/y", "waive_material", "M002")).slots == (
            ("M001",),
            ("M002",),
        )


class TestHandling:
    INSTANT = effect("p/x", "handling_instant")
    PROMISED = effect("q/x", "handling_promised")

    def test_promised_beats_instant(self) -> None:
        assert planned(self.INSTANT).instant
        assert planned(self.INSTANT).promised_days == 0
        assert not planned(self.INSTANT, self.PROMISED).instant

    def test_inspection_beats_its_absence_and_takes_time(self) -> None:
        off, on = effect("p/x", "inspection_off"), effect("q/x", "inspection_on")

        assert not planned(off).inspection
        both = planned(off, on, self.INSTANT)
        assert both.inspection
        assert not both.instant

    def test_days_add_up_to_the_smallest_limit(self) -> None:
        more = effect("p/x", "add_promised_days", "4")
        limit = effect("q/x", "promised_limit", "7")

        assert planned(more).promised_days == 9
        assert planned(more, limit).promised_days == 7

    def test_an_instant_item_takes_just_the_added_days(self) -> None:
        more = effect("p/x", "add_promised_days", "4")

        days = planned(more, self.PROMISED, instant=True, promised_days=0)

        assert days.promised_days == 4


class TestStatutoryTime:
    def test_the_longest_chosen_one_replaces_that_of_the_item(self) -> None:
        short = effect("p/x", "statutory_days", "15 working_day")
        long = effect("q/x", "statutory_days", "1 month")

        assert planned().statutory_value == 20
        assert planned(short).statutory_value == 15
        both = planned(short, long)
        assert (both.statutory_value, both.statutory_unit) == (1, "month")

    @pytest.mark.parametrize(
        ("unit", "value", "days"),
        [("working_day", 20, 20), ("calendar_day", 20, 14), ("month", 2, 40)],
    )
    def test_units_compare_in_working_days(
        self, unit: str, value: int, days: int
    ) -> None:
        assert working_days(unit, value) == days


class TestStop:
    def test_the_gravest_reason_is_given(self) -> None:
        refer = effect("p/x", "refer_item", "HZ-009")
        never = effect("q/x", "not_eligible", "不符合条件")

        assert planned().stop is None
        first = planned(refer).stop
        assert first is not None
        assert (first.kind, first.value) == ("refer_item", "HZ-009")
        grave = planned(refer, never).stop
        assert grave is not None
        assert (grave.kind, grave.question, grave.option) == ("not_eligible", "q", "x")

    def test_its_sentence_is_no_note(self) -> None:
        never = effect("q/x", "not_eligible", "不符合条件")

        assert planned(never, effect("p/x", "note_only")).notes == (
            ("因p/x", "because p/x"),
        )
