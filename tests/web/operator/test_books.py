"""Our books against the departments' own, on demand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.departments.gateways.contract import DepartmentsUnreachable
from services.exchange.comparison import UNKNOWN_HERE, Comparison, Difference
from services.exchange.operations.reconcile import Reconciliation
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.cases import filed, hold_for
from tests.web.conftest import page

BOOKS = "/ops/books/"
ITEM = "HZ-095"


def found(*differences: Difference, silent: tuple[str, ...] = ()) -> Reconciliation:
    return Reconciliation(
        NOON, ("scjg",), Comparison(list(differences)), Comparison(), silent
    )


@pytest.fixture
def asked(monkeypatch):
    """Have what the comparison was asked for, and choose what it finds."""
    calls: list[dict] = []

    def answering(result: Reconciliation) -> list[dict]:
        def reconcile(**options):
            calls.append(options)
            return result

        monkeypatch.setattr("services.web.operator.books.reconcile", reconcile)
        return calls

    return answering


class TestBooks:
    def test_compares_nothing_until_it_is_asked_to(self, operator, asked):
        calls = asked(found())

        shown = page(operator.get(BOOKS))

        assert "公共数据平台" in shown
        assert calls == []

    @pytest.mark.parametrize("hours", ["0", "2", "x", "99999999"])
    def test_compares_only_periods_that_are_offered(self, operator, asked, hours):
        calls = asked(found())

        assert operator.get(BOOKS, {"hours": hours}).status_code == 200
        assert calls == []

    def test_agrees_with_departments_that_were_really_asked(self, operator, company):
        hold_for(company, ITEM)
        filed(company, ITEM)

        shown = page(operator.get(BOOKS, {"hours": "24"}))

        assert "双方账目相符。" in shown
        assert company.legal_name not in shown

    def test_asks_one_department_for_one_period(self, operator, asked):
        calls = asked(found())

        shown = page(operator.get(BOOKS, {"department": "scjg", "hours": "24"}))

        day = {"since": NOON - timedelta(hours=24), "now": NOON}
        assert calls == [{"department": "scjg", **day}]
        assert '<option value="scjg" selected>' in shown

    def test_lists_every_difference_in_words(self, operator, asked):
        asked(found(Difference(UNKNOWN_HERE, "scjg", "r-77", "", "1×FOUND")))

        shown = page(operator.get(BOOKS, {"hours": "1"}))

        assert "双方账目有 1 处不符。" in shown
        assert "对方被问过，却不是我方问的" in shown
        assert "r-77" in shown

    def test_names_who_did_not_show_any_books(self, operator, monkeypatch):
        class Away:
            def journal(self, **_options):
                raise DepartmentsUnreachable

        monkeypatch.setattr("services.exchange.operations.reconcile.gateway", Away)

        shown = page(operator.get(BOOKS, {"department": "scjg", "hours": "1"}))

        assert "没有出示账目" in shown
        assert "市市场监管局" in shown[shown.index("没有出示账目</dt>") :]
        assert "lamp-warn" in shown

    def test_changes_and_logs_nothing(self, operator):
        before = LogEntry.objects.count()

        operator.get(BOOKS, {"hours": "24"})

        assert LogEntry.objects.count() == before

    def test_speaks_english(self, operator):
        shown = page(
            operator.get(BOOKS, {"hours": "1"}, headers={"accept-language": "en"})
        )

        assert "The books agree." in shown
