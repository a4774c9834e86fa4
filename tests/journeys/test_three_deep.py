"""A company that lacks a certificate, and the one needed for that, and one more."""

from __future__ import annotations

import pytest
from django.utils import timezone

from services.cases.evidence import standing
from services.cases.models import Case, Upload
from services.cases.plans import plan_case
from services.departments.city.cast import CAST
from services.ledger.queries import entries_of_case
from tests.factories.cases import again
from tests.journeys.steps import (
    draft_online,
    file_online,
    how_it_stands,
    people_act,
    wait_for_states,
)

pytestmark = [pytest.mark.journey]

COMPANY = CAST["three_deep"]
# The key fire-safety unit needs the opening check, which needs the fire acceptance.
WANTED, CHECK, ACCEPTANCE = "HZ-230", "HZ-229", "HZ-076"
CHECKED, ACCEPTED = "M047", "M034"


def test_each_parked_case_goes_on_by_itself(hall):
    last = draft_online(COMPANY, WANTED)
    assert first_needed(last) == {CHECKED: CHECK}
    file_online(last)
    middle = draft_online(COMPANY, CHECK)
    assert first_needed(middle) == {ACCEPTED: ACCEPTANCE}
    file_online(middle)
    wait_for_states([last, middle], [Case.State.PARKED])
    assert again(last).waits_for == [CHECKED]
    assert again(middle).waits_for == [ACCEPTED]

    first = file_online(draft_online(COMPANY, ACCEPTANCE))
    people_act(first)

    wait_for_states([middle], [Case.State.IN_REVIEW])
    assert again(last).state == Case.State.PARKED
    people_act(middle)
    people_act(last)
    assert obtained_by_itself(again(last)) == again(middle).certificate.number
    assert not Upload.objects.filter(material_code__in=[CHECKED, ACCEPTED]).exists()


def first_needed(case: Case) -> dict[str, str]:
    """Return which item the company is told to apply for first, by material."""
    answers = standing([case.reference])[case.reference]
    plan = plan_case(case, answers, now=timezone.now())
    missing = [row for row in plan.requirements if row.status == "missing"]
    told = {
        rung.material: rung.item
        for row in missing
        for rung in row.ladder
        if rung.kind == "apply_first"
    }
    assert told, how_it_stands(case)
    return told


def obtained_by_itself(case: Case) -> str:
    """Return the number that a department showed after the case was parked."""
    moves = [
        line.details["action"]
        for line in entries_of_case(case.reference)
        if line.type == "case.moved"
    ]
    assert moves.index("park") < moves.index("resume")
    row = case.requirements.get(satisfied_by=CHECKED)
    return str(row.evidence.records[0]["number"])
