"""A paper is served once, however often and by however many it is opened."""

from __future__ import annotations

import pytest

from services.cases.models import Case
from services.cases.operations import serve_paper as module
from services.cases.operations.serve_paper import serve_paper
from services.common.actors import Actor
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.cases import filed, hold_for

ITEM = "HZ-095"


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


def serve(case: Case, kind: str = "decision") -> bool:
    actor = Actor("human", "app-1", "applicant", entity=case.entity.uscc)
    return serve_paper(case=case, kind=kind, actor=actor, now=NOON)


def served() -> list[str]:
    rows = LogEntry.objects.filter(type="paper.served")
    return sorted(rows.values_list("code", flat=True))


def test_each_paper_is_served_once(case):
    assert [serve(case), serve(case), serve(case, "filing")] == [True, False, True]
    assert served() == ["decision", "filing"]


def test_another_cases_paper_is_another(case, other_company):
    hold_for(other_company, ITEM)
    other = filed(other_company, ITEM)

    assert serve(case)
    assert serve(other)


def test_who_waited_for_the_row_finds_it_served(case, monkeypatch):
    """Somebody else opens it between our first look and our lock."""
    lock = module.lock_case

    def late(row: Case) -> Case:
        monkeypatch.setattr(module, "lock_case", lock)
        assert serve(row)
        return lock(row)

    monkeypatch.setattr(module, "lock_case", late)

    assert not serve(case)
    assert served() == ["decision"]
