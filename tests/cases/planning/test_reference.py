"""The planner agrees with the reference on every variation of every item."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.planning.compute import make_plan
from services.cases.planning.plan import Plan
from services.catalogue.definition import Definition
from tests.cases.planning.real import definitions, item
from tests.catalogue.reference_compute import compute, reference, variations

TODAY = date(2026, 11, 23)


def plan(definition: Definition, answers: dict[str, list[str]]) -> Plan:
    """Plan with nothing known but the answers."""
    return make_plan(
        definition,
        answers={question: tuple(options) for question, options in answers.items()},
        fields={},
        registry={},
        known={},
        today=TODAY,
    )


def as_reference(planned: Plan, definition: Definition) -> dict[str, Any]:
    """Return a plan in the shape that the reference gives."""
    return {
        "slots": [list(slot) for slot in planned.slots],
        "promised": not planned.instant,
        "days": planned.promised_days,
        "inspection": planned.inspection,
        "statutory": (planned.statutory_unit, planned.statutory_value),
        "stop_kind": planned.stop.kind if planned.stop else None,
        "stop": planned.stop.value if planned.stop else None,
    }


def expected(definition: Definition, answers: dict[str, list[str]]) -> dict[str, Any]:
    """Return what the reference computes; a stop by its first value."""
    computed = compute(str(definition.seq), answers)
    stop = next(iter(computed["stop"]), None)
    if computed["stop_kind"] == "refer_item":
        stop = item(int(stop)).code
    return {**computed, "stop": stop}


@pytest.mark.parametrize("seq", range(1, 252))
def test_every_option_of_every_item_agrees(seq: int) -> None:
    definition = item(seq)
    for answers in variations(str(seq)):
        assert as_reference(plan(definition, answers), definition) == expected(
            definition, answers
        )


def test_all_variations_are_compared() -> None:
    assert len(definitions()) == 251
    assert sum(1 for seq in definitions() for _ in variations(str(seq))) == 1920


@st.composite
def combinations(draw: st.DrawFn) -> tuple[Definition, dict[str, list[str]]]:
    """Any item with any answers, several at once where the question allows it."""
    definition = item(draw(st.integers(1, 251)))
    answers = {}
    for code in reference().of_item[str(definition.seq)]:
        rows = reference().questions[str(definition.seq), code]
        options = [row["option_code"] for row in rows]
        if rows[0]["answer_kind"] == "multi":
            chosen = draw(st.sets(st.sampled_from(options)))
            answers[code] = [option for option in options if option in chosen]
        else:
            answers[code] = [draw(st.sampled_from(options))]
    return definition, answers


@given(combinations())
@settings(max_examples=1500, deadline=None)
def test_any_combination_of_answers_agrees(
    drawn: tuple[Definition, dict[str, list[str]]],
) -> None:
    definition, answers = drawn
    assert as_reference(plan(definition, answers), definition) == expected(
        definition, answers
    )
