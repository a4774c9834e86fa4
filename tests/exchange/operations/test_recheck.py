"""What is asked of officers where two registers disagree."""

from datetime import date

import pytest

from services.common.actors import Actor
from services.exchange.models import AssistRequest
from services.exchange.operations.assist import close_assist
from services.exchange.operations.recheck import recheck_disagreements
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.factories.exchange import NAME, EvidenceFactory, ExchangeFactory

pytestmark = pytest.mark.django_db
CASE = "D20260302-AAAAAA"


def found(department, name=NAME, material="M004", **options):
    record = {"number": "1", "holder_name": name, "attributes": {"holder_name": "人"}}
    evidence = EvidenceFactory(records=[record], department=department)
    return ExchangeFactory(
        case=CASE,
        department=department,
        material=material,
        found=True,
        evidence=evidence,
        **options,
    )


def recheck(*cases):
    return recheck_disagreements(cases=cases or [CASE], now=NOON)


class TestRecheck:
    def test_goes_to_an_officer_of_each_department_and_into_the_log(self):
        both = found("scjg"), found("wsjk", "杭州别名有限公司", "M048")
        found("scjg", material="M005")

        assert recheck() == 2

        requests = AssistRequest.objects.order_by("pk")
        assert [one.exchange for one in requests] == list(both)
        assert {one.kind for one in requests} == {"recheck"}
        assert {one.due_on for one in requests} == {date(2026, 11, 30)}
        assert [e.type for e in LogEntry.objects.all()] == ["assist.requested"] * 2
        details = EntryDetails.objects.first().body
        assert (details["kind"], details["differs"]) == ("recheck", "name")

    def test_leaves_the_answers_as_they_are(self):
        exchange = found("scjg")
        found("wsjk", "杭州别名有限公司", "M048")

        recheck()

        exchange.refresh_from_db()
        assert (exchange.state, exchange.outcome) == ("settled", "FOUND")

    def test_is_asked_for_once_even_after_an_officer_has_looked(self):
        found("scjg")
        found("wsjk", "杭州别名有限公司", "M048")
        recheck()
        officer = Actor("human", "li", "reviewer", office="scjg-330106")
        request = AssistRequest.objects.get(department="scjg")
        close_assist(request=request, finding="NO_RECORD", actor=officer, now=NOON)

        assert recheck() == 0
        assert AssistRequest.objects.count() == 2

    @pytest.mark.parametrize(
        "other",
        [
            {"department": "wsjk", "name": NAME},
            {"department": "scjg", "name": "别家"},
            {"department": "wsjk", "name": "旧名", "former_names": ["旧名"]},
        ],
    )
    def test_is_not_asked_for_where_nothing_is_contradicted(self, other):
        found("scjg")
        found(**other, material="M048")

        assert recheck() == 0
        assert not LogEntry.objects.exists()

    def test_is_about_one_case(self):
        found("scjg")
        found("wsjk", "别家", "M048")

        assert recheck("another") == 0
        assert recheck_disagreements(cases=[], now=NOON) == 0
