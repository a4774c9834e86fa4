"""What an officer of the department found."""

from datetime import date, timedelta

import pytest

from services.common.actors import Actor
from services.common.subjects import parse_subject
from services.departments.gateways.contract import Answer, HeldRecord
from services.dispatch.models import OutboxMessage
from services.exchange.answers import Sorted
from services.exchange.claim import claim
from services.exchange.models import AssistRequest, Evidence, Exchange
from services.exchange.operations.ask_again import ask_again_many
from services.exchange.operations.assist import (
    FindingUnknown,
    NotTheirDepartment,
    NumberMissing,
    RequestAlreadyClosed,
    close_assist,
)
from services.exchange.operations.settle import settle
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.exchange.serving import answer_with
from tests.factories.departments import COMPANY, ProfileFactory, RecordFactory
from tests.factories.exchange import AssistRequestFactory, ExchangeFactory

pytestmark = pytest.mark.django_db
OFFICER = Actor(kind="human", id="li", role="reviewer", office="scjg-330106")
STRANGER = Actor(kind="human", id="zhao", role="reviewer", office="wsjk-330106")


def close(request, finding, *, number="", actor=OFFICER):
    return close_assist(
        request=request, finding=finding, actor=actor, now=NOON, number=number
    )


class TestFound:
    def test_takes_what_the_system_shows_of_the_number(self):
        held = RecordFactory()

        exchange = close(AssistRequestFactory(), "FOUND", number=f" {held.number} ")

        assert (exchange.state, exchange.outcome, exchange.code) == (
            "settled",
            "FOUND",
            "",
        )
        assert exchange.evidence.records[0]["valid_until"] == "2029-02-28"

    def test_takes_the_officer_s_word_for_a_day_where_the_system_is_down(self):
        ProfileFactory(mode="down")

        exchange = close(AssistRequestFactory(), "FOUND", number="JY77")

        evidence = Evidence.objects.get(pk=exchange.evidence_id)
        (seen,) = evidence.records
        assert (seen["number"], seen["attributes"]) == ("JY77", {"source": "officer"})
        assert (seen["issued_on"], seen["valid_until"]) == (None, None)
        assert evidence.fresh_until == NOON + timedelta(days=1)

    def test_takes_the_officer_s_word_where_a_copy_is_too_old(self, monkeypatch):
        record = HeldRecord("JY77", "", COMPANY, date(2024, 3, 1), None)
        long_ago = NOON - timedelta(days=30)
        answer_with(
            monkeypatch,
            lambda q: Answer(q.request_id, "FOUND", "", (record,), None, long_ago),
        )

        exchange = close(AssistRequestFactory(), "FOUND", number="JY77")

        assert exchange.evidence.records[0]["attributes"] == {"source": "officer"}

    def test_takes_the_officer_s_word_where_the_system_shows_another_number(self):
        RecordFactory(number="JY1")

        exchange = close(AssistRequestFactory(), "FOUND", number="JY77")

        assert exchange.evidence.records[0]["number"] == "JY77"

    def test_needs_the_number(self):
        request = AssistRequestFactory()

        with pytest.raises(NumberMissing):
            close(request, "FOUND", number="  ")

        request.refresh_from_db()
        assert request.closed_at is None


class TestOtherFindings:
    def test_no_record_settles_without_evidence(self):
        exchange = close(AssistRequestFactory(), "NO_RECORD")

        exchange.refresh_from_db()
        assert (exchange.state, exchange.outcome, exchange.code) == (
            "settled",
            "NOT_FOUND",
            "NO_RECORD",
        )
        assert exchange.evidence is None

    def test_ask_again_gives_the_system_another_hour(self):
        exchange = close(AssistRequestFactory(), "ASK_AGAIN")

        exchange.refresh_from_db()
        assert (exchange.state, exchange.outcome) == ("waiting", "")
        assert exchange.next_attempt_at == NOON
        assert exchange.deadline_at == NOON + timedelta(hours=1)

    def test_a_recheck_changes_nothing_that_was_found(self):
        found = ExchangeFactory(found=True)
        request = AssistRequestFactory(exchange=found, kind="recheck")

        close(request, "NO_RECORD")

        found.refresh_from_db()
        assert (found.state, found.outcome) == ("settled", "FOUND")


class TestClosing:
    def test_names_the_officer_logs_it_and_tells_the_case(self):
        request = AssistRequestFactory()

        close(request, "NO_RECORD")

        request.refresh_from_db()
        assert (request.closed_by, request.finding) == ("li", "NO_RECORD")
        entry = LogEntry.objects.get()
        assert (entry.type, entry.outcome) == ("assist.answered", "NO_RECORD")
        assert OutboxMessage.objects.get().key == request.exchange.case

    def test_happens_once(self):
        request = AssistRequestFactory()
        close(request, "NO_RECORD")

        with pytest.raises(RequestAlreadyClosed):
            close(request, "FOUND", number="JY1")

        request.exchange.refresh_from_db()
        assert request.exchange.outcome == "NOT_FOUND"

    def test_is_for_officers_of_that_department(self):
        request = AssistRequestFactory()

        with pytest.raises(NotTheirDepartment):
            close(request, "NO_RECORD", actor=STRANGER)

        assert AssistRequest.objects.filter(closed_at__isnull=True).exists()

    def test_knows_three_findings(self):
        with pytest.raises(FindingUnknown):
            close(AssistRequestFactory(), "PERHAPS")

    @pytest.mark.parametrize(
        ("finding", "code"), [("NO_RECORD", "NO_RECORD"), ("ASK_AGAIN", "")]
    )
    def test_voids_the_answer_that_a_worker_is_waiting_for(self, finding, code):
        request = AssistRequestFactory()
        due = request.exchange.next_attempt_at
        batch = claim(department="scjg", owner="one", now=due, limit=1)

        close(request, finding)
        answers = {
            one.public_id: Answer(one.public_id, "NOT_FOUND", "EXPIRED")
            for one in batch
        }
        written = settle(
            batch=batch, answers=Sorted(answers, ()), started_at=due, now=due
        )

        assert (len(batch), written) == (1, [])
        request.exchange.refresh_from_db()
        assert request.exchange.code == code

    @pytest.mark.parametrize(
        ("finding", "open_kinds"), [("FOUND", []), ("NO_RECORD", ["dispute"])]
    )
    def test_closes_what_else_was_open_and_is_answered_by_it(self, finding, open_kinds):
        exchange = ExchangeFactory(assisted=True)
        dispute = AssistRequestFactory(exchange=exchange, kind="dispute")
        outage = AssistRequestFactory(exchange=exchange)

        close(outage, finding, number="JY77")

        still = AssistRequest.objects.filter(closed_at__isnull=True)
        assert [one.kind for one in still] == open_kinds
        dispute.refresh_from_db()
        assert (dispute.finding == "ANSWERED") == (not open_kinds)

    def test_leaves_the_system_s_reason_where_the_officer_agrees(self):
        exchange = ExchangeFactory(not_found=True, code="EXPIRED")
        request = AssistRequestFactory(exchange=exchange, kind="dispute")

        assert close(request, "NO_RECORD").code == "EXPIRED"


class TestAQuestionThatWasAskedAnew:
    def test_is_not_settled_by_a_dispute_about_the_answer_before(self):
        old = ExchangeFactory(
            state="settled", outcome="NOT_FOUND", code="NO_RECORD", settled_at=NOON
        )
        request = AssistRequestFactory(exchange=old, kind="dispute")
        key = (old.case, old.material, parse_subject(old.subject))
        ask_again_many([key], deadline_at=NOON, actor=OFFICER, now=NOON)

        close(request, "FOUND", number="JY77")

        request.refresh_from_db()
        assert request.finding == "FOUND"
        assert set(Exchange.objects.values_list("state", flat=True)) == {
            "cancelled",
            "waiting",
        }
