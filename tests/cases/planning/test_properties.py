"""What holds for every item whatever is answered and whatever departments say."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.planning.check import due_uploads, find_problems, uploads_of
from services.cases.planning.compute import make_plan
from services.cases.planning.plan import Known, Plan
from services.catalogue.definition import GOVERNMENT_ISSUED, Definition
from services.common.subjects import Subject
from tests.cases.planning.build import REGISTRY, TODAY, found
from tests.cases.planning.real import item

ANSWERS = [
    Known(),
    found(),
    found(serious_dishonest="yes", use_nature="rental", valid_to="2027-01-01"),
    Known("NOT_FOUND", "NO_RECORD"),
    Known("NOT_FOUND", "EXPIRED"),
    Known("UNAVAILABLE", "TIMEOUT"),
    Known("REFUSED", "NOT_AUTHORISED"),
    Known("DEFERRED", "ACCEPTED_FOR_LATER"),
]
STAFF = "王一 330199199001010011\n李二 330199199001010038"
ROUNDS = 4  # of asking: a fallback is wanted only after the first answers
Drawn = tuple[Definition, Plan, dict[tuple[str, Subject], Known], dict[str, Any]]


@st.composite
def cases(draw: st.DrawFn) -> Drawn:
    """Any item, any answers right or wrong, and departments that say anything."""
    definition = item(draw(st.integers(1, 251)))
    stated = {
        "answers": {
            question.code: tuple(
                draw(
                    st.lists(
                        st.sampled_from([*(o.code for o in question.options), "?"]),
                        max_size=2,
                    )
                )
            )
            for question in definition.questions
            if draw(st.booleans())
        },
        "fields": draw(st.sampled_from([{}, {"staff_ids": STAFF}])),
        "registry": REGISTRY,
        "today": TODAY,
    }
    known: dict[tuple[str, Subject], Known] = {}
    plan = make_plan(definition, known=known, **stated)
    for _ in range(ROUNDS):
        for wanted in plan.wanted:
            key = wanted.material, wanted.subject
            if key not in known:
                known[key] = draw(st.sampled_from(ANSWERS))
        plan = make_plan(definition, known=known, **stated)
    return definition, plan, known, stated


def outcomes(requirement: Any, known: dict[tuple[str, Subject], Known]) -> set[str]:
    return {
        known.get((m.material, m.subject), Known()).outcome
        for m in requirement.members
        if m.how == "exchange"
    }


@given(cases())
@settings(max_examples=600, deadline=None)
def test_the_rules_that_never_bend(drawn: Drawn) -> None:
    definition, plan, known, stated = drawn
    links = definition.links
    government = {c for c, one in links.items() if one.kind == GOVERNMENT_ISSUED}

    for requirement in plan.requirements:
        asked = outcomes(requirement, known)
        uploads = {member.material for member in uploads_of(requirement)}

        assert not uploads & government
        if requirement.status == "satisfied":
            assert "FOUND" in asked
        if requirement.status == "missing":
            assert asked == {"NOT_FOUND"}
            assert requirement.ladder
            assert requirement.ladder[-1].kind in {"apply_first", "issuer"}
        if requirement.status == "applicant":
            assert asked <= {"NOT_FOUND"}
            assert any(member.how != "exchange" for member in requirement.members)
        assert not {rung.kind for rung in requirement.ladder} & {"upload", "form"}

    for requirement in due_uploads(plan):
        assert requirement.status == "applicant"
    findings = find_problems(
        definition,
        plan,
        stated_answers=stated["answers"],
        stated_fields=stated["fields"],
        uploads=(),
        commitments=(),
    )
    assert not {f"/materials/{code}" for code in government} & {
        finding.pointer for finding in findings
    }


@given(cases())
@settings(max_examples=300, deadline=None)
def test_whoever_is_asked_holds_the_material_and_nobody_is_asked_twice(
    drawn: Drawn,
) -> None:
    definition, plan, _, _ = drawn

    assert len(set(plan.wanted)) == len(plan.wanted)
    for wanted in plan.wanted:
        assert wanted.department == definition.links[wanted.material].holder != ""
        assert wanted.subject.key
    needed = {
        (member.material, member.subject)
        for requirement in plan.requirements
        for member in requirement.members
        if member.how == "exchange" and not member.fallback
    }
    assert needed <= {(wanted.material, wanted.subject) for wanted in plan.wanted}


@given(cases())
@settings(max_examples=300, deadline=None)
def test_only_options_of_the_question_hold_and_closed_ones_never(drawn: Drawn) -> None:
    _, plan, _, _ = drawn

    for planned in plan.questions:
        options = [option.code for option in planned.question.options]
        assert set(planned.answer) <= set(options)
        assert not set(planned.answer) & set(planned.unavailable)
        assert planned.question.kind == "multi" or len(planned.answer) == 1
        if planned.given_by == "decided":
            assert planned.because


@given(cases())
@settings(max_examples=200, deadline=None)
def test_a_plan_depends_on_nothing_but_its_arguments(drawn: Drawn) -> None:
    definition, plan, known, stated = drawn

    assert make_plan(definition, known=dict(known), **stated) == plan
    later = {**stated, "today": date(2026, 11, 24)}
    slots = make_plan(definition, known={}, **later).slots
    assert slots == make_plan(definition, known={}, **stated).slots


@given(cases())
@settings(max_examples=300, deadline=None)
def test_absence_alone_never_ends_an_application(drawn: Drawn) -> None:
    definition, _, known, stated = drawn
    absent = {key: Known("NOT_FOUND", "NO_RECORD") for key in known}
    unstated = {**stated, "answers": {}}

    plan = make_plan(definition, known=absent, **unstated)

    decided = {q.question.code for q in plan.questions if q.given_by == "decided"}
    assert plan.stop is None or plan.stop.question in decided
    assert all(
        planned.because == "registry"
        for planned in plan.questions
        if planned.given_by == "decided"
    )
