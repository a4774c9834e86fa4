"""Every row of the table, on both ways to the departments."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from services.cases.clock import promised_on, statutory_on
from services.cases.models import Case, Requirement, Task, Upload
from services.cases.working_calendar import working_calendar
from services.catalogue.models import Material
from services.exchange.models import Exchange
from tests.clock import NOON
from tests.scenarios.scenario import NOT_BEGUN, Scenario, what_stands
from tests.scenarios.stage import set_up
from tests.scenarios.table import TABLE
from tests.scenarios.ways import HTTP, WAYS, BringLate, bring_late, over_http

TO_SUBMIT = ("上传", "提交", "补交", "复印件", "upload", "submit", "send us")
OOTS = {f"TC{number:02}" for number in range(1, 11)}


@pytest.fixture(params=WAYS)
def way(request, settings, tmp_path: Path) -> Generator[BringLate, None, None]:
    """Lead to the departments in this process, or over HTTP."""
    if request.param != HTTP:
        yield bring_late
        return
    settings.DEPARTMENTS_URL = "http://departments.test"
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    with over_http(tmp_path) as bring:
        yield bring


@pytest.mark.parametrize("scenario", TABLE, ids=lambda scenario: scenario.name)
def test_a_situation_ends_as_the_table_says(company, way, scenario: Scenario):
    stage = set_up(company, scenario.matter, way)

    scenario.play(stage)

    assert what_stands(stage) == scenario.expected
    check_the_clock(stage.filed, scenario)
    check_nothing_was_asked_of(stage.filed)
    check_no_decision_on_missing_data(stage.filed)


def check_the_clock(case: Case, scenario: Scenario) -> None:
    """No outage stops, shifts or hides the clock: it runs from filing."""
    if scenario.expected.clock == NOT_BEGUN:
        assert (case.accepted_at, case.promised_on, case.statutory_on) == (None,) * 3
        return
    assert case.accepted_at
    calendar, day = working_calendar(), case.accepted_at.astimezone(NOON.tzinfo).date()
    assert (case.paused_at, case.paused_days) == (None, 0)
    assert case.promised_on == promised_on(calendar, day, case.promised_days)
    assert case.statutory_on == statutory_on(
        calendar, day, case.statutory_unit, case.statutory_value
    )


def check_nothing_was_asked_of(case: Case) -> None:
    """The applicant is never asked for a document instead."""
    government = Material.objects.filter(kind=Material.Kind.GOVERNMENT_ISSUED)
    assert not case.tasks.filter(kind=Task.Kind.CORRECT).exists()
    assert not Upload.objects.filter(
        case=case, material_code__in=government.values("code")
    ).exists()
    assert not case.requirements.filter(state=Requirement.State.WAITING).exists()


def check_no_decision_on_missing_data(case: Case) -> None:
    if case.decided_at is None:
        return
    assert not case.requirements.exclude(state=Requirement.State.SATISFIED).exists()
    assert not Exchange.objects.open().filter(case=case.reference).exists()


def test_the_table_answers_every_case_of_the_once_only_system():
    answered = {name for row in TABLE for name in row.oots.split(", ") if name}

    assert answered == OOTS


def test_no_two_rows_have_the_same_name():
    assert len({row.name for row in TABLE}) == len(TABLE) >= 28


def test_no_sentence_asks_for_a_paper():
    said = [f"{row.expected.zh} {row.expected.en}".lower() for row in TABLE]

    assert [text for text in said if any(word in text for word in TO_SUBMIT)] == []
