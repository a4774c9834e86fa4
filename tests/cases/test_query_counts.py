"""How many statements the way of a case costs: bounded, and the same for many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from benchmarks.companies import item_of_four_verifications, make_companies
from services.cases.models import Case
from services.cases.operations.advance import advance
from services.cases.operations.certify import certificates_kept
from services.cases.operations.draft import open_draft, save_draft
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.dispatch.models import OutboxMessage
from services.exchange.models import DepositOrder
from services.exchange.operations.deposit import deliver_deposits
from services.exchange.operations.serve import serve_all
from tests.clock import NOON

FEW, MANY = 5, 50
# Many rows go by other statements than few (COPY, or split inserts), in each of four
# departments: a handful more, and far from one more for each case. Beside many entries,
# which COPY takes, goes a statement for what waits; few go together with it.
SPARE = 12
# From waiting to delivered: three and a half statements for each of fifty cases.
MOST_FOR_MANY = 175


def statements(action: Callable[[], object]) -> int:
    """Return how many statements both databases were sent."""
    with (
        CaptureQueriesContext(connection) as ours,
        CaptureQueriesContext(connections["departments"]) as theirs,
    ):
        action()
    return len(ours) + len(theirs)


def filings(count: int) -> list[Case]:
    """Return cases that were filed and that no department has answered for."""
    item = item_of_four_verifications()
    cases = []
    for company, actor, fields in make_companies(count, item=item, now=NOON):
        draft = open_draft(entity=company, item_version=item, actor=actor, now=NOON)
        save_draft(case=draft, answers={}, fields=fields, actor=actor, now=NOON)
        cases.append(file_case(case=draft, filing=Filing(), actor=actor, now=NOON))
    return cases


def whole_way(count: int) -> dict[str, int]:
    """Return the statements of each step for so many cases at once."""
    references = [case.reference for case in filings(count)]
    counts = {"serve": statements(lambda: serve_all(clock=lambda: NOON))}
    counts["advance"] = statements(lambda: advance(references=references, now=NOON))
    numbers = list(
        DepositOrder.objects.filter(kept_at__isnull=True).values_list(
            "number", flat=True
        )
    )
    assert len(numbers) == count
    counts["deposit"] = statements(
        lambda: deliver_deposits(numbers=numbers, clock=lambda: NOON)
    )
    counts["deliver"] = statements(lambda: certificates_kept(numbers=numbers, now=NOON))
    delivered = Case.objects.filter(reference__in=references, state="delivered")
    assert delivered.count() == count
    return counts


@pytest.mark.usefixtures("staffed")
class TestQueryCounts:
    def test_many_cases_cost_as_many_statements_as_few(self, settings):
        settings.TIME_SCALE = 0
        whole_way(1)  # what is read once per process is read now

        few, many = whole_way(FEW), whole_way(MANY)

        assert {step: n for step, n in many.items() if n > few[step] + SPARE} == {}
        assert sum(many.values()) <= MOST_FOR_MANY

    def test_a_filing_costs_at_most_so_many_statements(self):
        item = item_of_four_verifications()
        filings(1)
        (one,) = make_companies(1, item=item, now=NOON)
        drafts: list[Case] = []
        opening = statements(
            lambda: drafts.append(
                open_draft(
                    entity=one.entity, item_version=item, actor=one.actor, now=NOON
                )
            )
        )
        saving = statements(
            lambda: save_draft(
                case=drafts[0],
                answers={},
                fields=one.fields,
                actor=one.actor,
                now=NOON,
            )
        )
        filing = statements(
            lambda: file_case(
                case=drafts[0], filing=Filing(), actor=one.actor, now=NOON
            )
        )

        assert OutboxMessage.objects.filter(key=drafts[0].reference).count() == 1
        assert (opening <= 20, saving <= 4, filing <= 20) == (True, True, True), (
            opening,
            saving,
            filing,
        )
