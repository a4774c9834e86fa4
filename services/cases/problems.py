"""Say what is wrong with a filing in sentences, all of it at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from services.cases.models import Case
from services.cases.operations.filing import Filing
from services.cases.planning.check import Finding, find_problems
from services.cases.planning.plan import Plan
from services.cases.plans import case_definition
from services.common.errors import Problem

Params = Mapping[str, object]


def filing_problems(
    case: Case, plan: Plan, filing: Filing, uploads: Collection[str]
) -> list[Problem]:
    """Return every problem of a filing, with a JSON pointer each."""
    findings = find_problems(
        case_definition(case),
        plan,
        stated_answers={q: tuple(o) for q, o in case.stated_answers.items()},
        stated_fields=case.stated_fields,
        uploads=uploads,
        commitments=filing.commitments,
        deferred=filing.deferred,
    )
    return [Problem(f.code, _sentence(f), f.pointer) for f in findings]


def _sentence(finding: Finding) -> str:
    sentence = SENTENCES.get(finding.code)
    return sentence(finding.params) if sentence else finding.code


SENTENCES: dict[str, Callable[[Params], str]] = {}
