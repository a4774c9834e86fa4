"""Each rule notices its own kind of error, at its place, and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

from services.catalogue import lint
from services.catalogue.lint import PROBLEM, Finding, Rule, inspect_catalogue
from tests.catalogue.lint.breaking import SECOND_CITY, Case, Files, names
from tests.catalogue.lint.cases_effects import EFFECTS
from tests.catalogue.lint.cases_items import ITEMS
from tests.catalogue.lint.cases_questions import QUESTIONS
from tests.catalogue.lint.cases_shape import SHAPE
from tests.catalogue.lint.cases_submission import SUBMISSION

CASES = [*SHAPE, *SUBMISSION, *QUESTIONS, *EFFECTS, *ITEMS]
NO_SUBMISSION = (
    *("submitted_by_applicant", "government_as_form", "alternative_asks"),
    *("reason_asks", "text_asks", "field_asks", "deferrable_government", "no_reason"),
    *("nobody_holds", "no_holder"),
)
CATALOGUE = Path(__file__).parents[3] / "fixtures" / "catalogue"


def places(findings: list[Finding]) -> list[tuple[str, str, int]]:
    return [(found.rule.code, found.file, found.line) for found in findings]


def all_rules() -> dict[str, Rule]:
    modules = [
        importlib.import_module(f"{lint.__name__}.{module.name}")
        for module in pkgutil.iter_modules(lint.__path__)
    ]
    values = [value for module in modules for value in vars(module).values()]
    values += [v for value in values if isinstance(value, dict) for v in value.values()]
    return {value.code: value for value in values if isinstance(value, Rule)}


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_a_rule_notices_its_error_and_only_that(case: Case, tmp_path: Path) -> None:
    files = Files(tmp_path)
    broken = case.break_files(files)

    findings = inspect_catalogue(files.directory).findings

    expected = broken if isinstance(broken, list) else [broken]
    assert places(findings) == [(case.rule, *place) for place in expected]
    assert all(found.text and found.what_to_do for found in findings)


def test_the_files_that_are_broken_had_no_finding() -> None:
    assert places(inspect_catalogue(SECOND_CITY).findings) == []


def test_every_rule_has_a_case() -> None:
    assert set(all_rules()) == {case.rule for case in CASES}


def test_the_catalogue_in_use_has_no_problem() -> None:
    inspection = inspect_catalogue(CATALOGUE)

    assert [str(found) for found in inspection.problems] == []
    assert inspection.complete


@pytest.mark.parametrize("rule", NO_SUBMISSION)
def test_asking_for_government_papers_is_never_mere_advice(rule: str) -> None:
    assert all_rules()[rule].level == PROBLEM
