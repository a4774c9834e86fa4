"""Data disputes: number and issuer in, never the paper."""

from datetime import date

import pytest

from services.common.actors import Actor
from services.dispatch.models import OutboxMessage
from services.exchange.models import AssistRequest
from services.exchange.operations.dispute import (
    NothingToDispute,
    NumberAndIssuerNeeded,
    open_dispute,
)
from services.exchange.operations.serve import serve_department
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.departments import ProfileFactory, RecordFactory
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.django_db
APPLICANT = Actor(kind="human", id="wang", role="applicant")


def dispute(exchange, number="JY77", issuer="西湖区市场监督管理局"):
    return open_dispute(
        exchange=exchange, number=number, issuer=issuer, actor=APPLICANT, now=NOON
    )


class TestOpenDispute:
    def test_gives_the_holder_five_working_days(self):
        exchange = ExchangeFactory(not_found=True)

        request = dispute(exchange)

        assert (request.kind, request.stated_number) == ("dispute", "JY77")
        assert request.due_on == date(2026, 11, 30)
        exchange.refresh_from_db()
        assert (exchange.state, exchange.outcome) == ("settled", "NOT_FOUND")
        assert OutboxMessage.objects.get().key == exchange.case
        assert LogEntry.objects.get().type == "dispute.opened"

    def test_has_a_system_that_knows_the_number_asked_at_once(self):
        held = RecordFactory()
        exchange = ExchangeFactory(not_found=True)

        request = dispute(exchange, number=held.number)
        exchange.refresh_from_db()
        assert (exchange.state, exchange.next_attempt_at) == ("waiting", NOON)

        serve_department(code="scjg", clock=lambda: NOON)
        exchange.refresh_from_db()
        request.refresh_from_db()
        assert exchange.outcome == "FOUND"
        assert request.finding == "ANSWERED"

    def test_waits_for_the_officer_while_the_system_is_down(self):
        number = RecordFactory().number
        ProfileFactory(mode="down")
        exchange = ExchangeFactory(not_found=True)

        dispute(exchange, number=number)

        exchange.refresh_from_db()
        assert exchange.state == "settled"

    def test_is_opened_once(self):
        exchange = ExchangeFactory(not_found=True)

        first, second = dispute(exchange), dispute(exchange, number="JY78")

        assert first.pk == second.pk
        assert AssistRequest.objects.count() == LogEntry.objects.count() == 1

    @pytest.mark.parametrize("trait", ["found", "assisted"])
    def test_is_about_a_no_and_nothing_else(self, trait):
        with pytest.raises(NothingToDispute):
            dispute(ExchangeFactory(**{trait: True}))

    @pytest.mark.parametrize(("number", "issuer"), [(" ", "西湖区"), ("JY1", "")])
    def test_needs_number_and_issuer(self, number, issuer):
        with pytest.raises(NumberAndIssuerNeeded):
            dispute(ExchangeFactory(not_found=True), number, issuer)

        assert not AssistRequest.objects.exists()
