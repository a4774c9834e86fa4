"""Asking a department everything that waits for it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.catalogue.models import Material
from services.departments.gateways.contract import Answer, HeldRecord
from services.dispatch.models import OutboxMessage
from services.exchange.bulkhead import Manners
from services.exchange.models import (
    AssistRequest,
    Attempt,
    Exchange,
)
from services.exchange.operations import serve as serving
from services.exchange.operations.serve import serve_all
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.exchange.serving import answer_with, events, serve, settled
from tests.factories.departments import COMPANY, ProfileFactory, RecordFactory
from tests.factories.exchange import (
    ExchangeFactory,
)

pytestmark = pytest.mark.django_db


class TestFound:
    def test_settles_with_immutable_evidence(self):
        held = RecordFactory()
        exchange = ExchangeFactory()

        assert serve() == 1

        settled(exchange)
        assert (exchange.state, exchange.outcome, exchange.code) == (
            "settled",
            "FOUND",
            "",
        )
        assert exchange.settled_at == exchange.answered_at == NOON
        assert exchange.attempts_made == 1
        evidence = exchange.evidence
        assert evidence.records == [
            {
                "number": held.number,
                "holder_name": "杭州示例餐饮有限公司",
                "entity": COMPANY,
                "issued_on": "2024-03-01",
                "valid_until": "2029-02-28",
                "attributes": {"scope": "热食类食品制售"},
            }
        ]
        assert evidence.obtained_at == NOON
        assert evidence.fresh_until == NOON + timedelta(days=30)

    def test_tells_the_case_once_for_all_its_answers(self):
        RecordFactory()
        case = ExchangeFactory().case
        ExchangeFactory(case=case, material="M005")

        serve()

        (message,) = OutboxMessage.objects.all()
        assert (message.task, message.key) == ("cases.advance", case)

    def test_notes_the_attempt_and_logs_the_answer(self):
        RecordFactory()
        exchange = ExchangeFactory()

        serve()

        attempt = Attempt.objects.get()
        assert (attempt.exchange_id, attempt.number) == (exchange.pk, 1)
        assert (attempt.outcome, attempt.code) == ("FOUND", "")
        entry = LogEntry.objects.get()
        assert (entry.type, entry.outcome) == ("exchange.answered", "FOUND")
        assert entry.exchange == exchange.public_id

    def test_under_a_former_name_has_an_officer_check_the_register(self):
        RecordFactory(holder_name="杭州旧名有限公司")
        exchange = ExchangeFactory(former_names=["杭州旧名有限公司"])

        serve()

        assert settled(exchange).outcome == "FOUND"
        recheck = AssistRequest.objects.get()
        assert (recheck.kind, recheck.due_on) == ("recheck", date(2026, 11, 30))
        assert events() == ["exchange.answered", "assist.requested"]

    def test_keeps_the_age_of_a_hub_s_copy(self, monkeypatch):
        snapshot = NOON - timedelta(hours=24)
        record = HeldRecord("JY1", "", COMPANY, date(2024, 3, 1), None)
        answer_with(
            monkeypatch,
            lambda q: Answer(q.request_id, "FOUND", "", (record,), None, snapshot),
        )
        exchange = ExchangeFactory()

        serve()

        evidence = settled(exchange).evidence
        assert evidence.snapshot_at == snapshot
        assert evidence.fresh_until == snapshot + timedelta(days=30)


class TestAStaleCopy:
    """The hub shows what the department said a day and more ago; a fact is a day's."""

    @pytest.fixture
    def asked(self, monkeypatch, catalogue):
        fact = Material.objects.filter(
            obtain_mode="数据核验", validity_months=None
        ).first()
        record = HeldRecord("JY1", "", COMPANY, date(2024, 3, 1), None)
        snapshot = NOON - timedelta(hours=24)
        answer_with(
            monkeypatch,
            lambda q: Answer(
                q.request_id, "FOUND", "", (record,), None, snapshot, via="hub"
            ),
        )
        return ExchangeFactory(material=fact.code, former_names=["旧名"])

    def test_settles_nothing_but_is_kept(self, asked):
        serve()

        settled(asked)
        assert (asked.state, asked.outcome, asked.settled_at) == (
            "waiting",
            "FOUND",
            None,
        )
        assert asked.evidence.fresh_until == NOON
        assert asked.via == "hub"
        assert not OutboxMessage.objects.exists()

    def test_is_asked_for_again_slowly_and_goes_to_an_officer_at_the_deadline(
        self, asked
    ):
        serve()
        again = settled(asked).next_attempt_at
        assert timedelta(seconds=20) < again - NOON <= timedelta(seconds=30)

        serve(asked.deadline_at)

        assert settled(asked).state == "assisted"
        assert AssistRequest.objects.get().kind == "outage"

    def test_gives_way_to_what_the_department_says_itself(self, asked, monkeypatch):
        serve()
        answer_with(monkeypatch, lambda q: Answer(q.request_id, "NOT_FOUND", "REVOKED"))

        serve(settled(asked).next_attempt_at)

        settled(asked)
        assert (asked.state, asked.code, asked.evidence) == ("settled", "REVOKED", None)
        assert asked.via == ""

    def test_stands_in_the_log_with_the_time_of_its_snapshot(self, asked):
        serve()

        details = EntryDetails.objects.get().body
        assert details["snapshot_at"] == "2026-11-22T12:00:00+08:00"


class TestNotFound:
    @pytest.mark.parametrize(
        ("trait", "code"),
        [
            ({"material": "M999"}, "NO_RECORD"),
            ({"expired": True}, "EXPIRED"),
            ({"revoked": True}, "REVOKED"),
            ({"of_somebody_else": True}, "HOLDER_MISMATCH"),
        ],
    )
    def test_settles_with_the_reason_and_without_evidence(self, trait, code):
        RecordFactory(**trait)
        exchange = ExchangeFactory()

        serve()

        settled(exchange)
        assert (exchange.state, exchange.outcome) == ("settled", "NOT_FOUND")
        assert exchange.code == code
        assert exchange.evidence is None
        assert OutboxMessage.objects.count() == 1


class TestUnavailable:
    def test_down_is_never_no_record(self):
        ProfileFactory(mode="down")
        exchange = ExchangeFactory()
        now = NOON

        for _ in range(12):
            serve(now)
            settled(exchange)
            assert (exchange.state, exchange.outcome) == ("waiting", "UNAVAILABLE")
            now = exchange.next_attempt_at

        assert Attempt.objects.count() == exchange.attempts_made == 12
        assert not OutboxMessage.objects.exists()

    def test_is_asked_again_only_when_due_and_then_found(self):
        profile = ProfileFactory(mode="down")
        RecordFactory()
        exchange = ExchangeFactory()
        serve()
        profile.mode = "up"
        profile.save()

        assert serve(NOON + timedelta(milliseconds=500)) == 0
        assert serve(settled(exchange).next_attempt_at) == 1
        assert settled(exchange).outcome == "FOUND"

    def test_connections_that_are_back_for_one_are_back_for_all(self):
        profile = ProfileFactory(mode="down")
        tired = ExchangeFactory(attempts_made=9)
        deferred = ExchangeFactory(
            outcome="DEFERRED",
            code="ACCEPTED_FOR_LATER",
            next_attempt_at=NOON + timedelta(hours=1),
        )
        serve()
        profile.mode = "up"
        profile.save()
        ExchangeFactory()

        serve(NOON + timedelta(seconds=1))

        assert settled(tired).next_attempt_at == NOON + timedelta(seconds=1)
        assert settled(deferred).next_attempt_at == NOON + timedelta(hours=1)

    def test_a_missing_answer_is_incomplete_and_stops_no_other(self, monkeypatch):
        first, second = ExchangeFactory.create_batch(2)
        answer_with(
            monkeypatch,
            lambda q: (
                Answer(q.request_id, "NOT_FOUND", "NO_RECORD")
                if q.request_id == first.public_id
                else None
            ),
        )

        serve()

        assert settled(first).state == "settled"
        assert settled(second).code == "INCOMPLETE"

    def test_a_timeout_is_logged_as_a_presumption(self, monkeypatch):
        answer_with(
            monkeypatch, lambda q: Answer(q.request_id, "UNAVAILABLE", "TIMEOUT")
        )
        ExchangeFactory()

        serve()

        assert events() == ["exchange.presumed"]

    def test_a_gateway_that_raises_is_nobody(self, monkeypatch):
        def explode(_question):
            raise RuntimeError

        answer_with(monkeypatch, explode)
        exchange = ExchangeFactory()

        serve()

        assert settled(exchange).code == "SERVER_ERROR"


class TestBatches:
    def test_goes_on_until_everything_was_asked(self):
        ExchangeFactory.create_batch(7)

        assert serve(batch=3) == 7
        assert not Exchange.objects.filter(outcome="").exists()

    @pytest.mark.parametrize(("may_go_on", "asked"), [(True, 3), (False, 1)])
    def test_stops_after_some_and_rings_for_the_rest(
        self, monkeypatch, may_go_on, asked
    ):
        rung = []
        monkeypatch.setattr(serving, "ring", lambda task, **kwargs: rung.append(kwargs))
        monkeypatch.setattr(serving, "BATCHES", 3)
        ExchangeFactory.create_batch(4)

        manners = Manners(may_go_on=lambda: may_go_on)
        assert serve(batch=1, manners=manners) == asked

        assert Exchange.objects.filter(outcome="").count() == 4 - asked
        assert rung == [{"code": "scjg"}]

    def test_takes_the_same_few_statements_whatever_the_number(self):
        counts = []
        for size in (1, 40, 80):  # the first one meets new pseudonyms
            RecordFactory()
            ExchangeFactory.create_batch(size)
            ExchangeFactory.create_batch(size, material="M005")
            with CaptureQueriesContext(connection) as statements:
                assert serve() == 2 * size
            counts.append(len(statements))

        assert counts[1] == counts[2] <= 22

    def test_serve_all_asks_every_department(self):
        ExchangeFactory()
        ExchangeFactory(department="wsjk", material="M048")

        assert serve_all(clock=lambda: NOON) == 2
