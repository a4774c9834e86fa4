"""Asking departments: once per thing, and not what is known already."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.common.actors import SYSTEM
from services.common.subjects import Subject, parse_subject
from services.dispatch.models import OutboxMessage
from services.exchange.models import DepositOrder, Evidence, Exchange
from services.exchange.operations.ask import ask_many
from services.exchange.operations.ask_again import ask_again_many, supersede_stale
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.factories.departments import COMPANY, OTHER_COMPANY
from tests.factories.exchange import (
    DEADLINE,
    ME,
    EvidenceFactory,
    ExchangeFactory,
    request,
)

pytestmark = pytest.mark.django_db


def ask(*requests, now=NOON):
    return ask_many(requests, actor=SYSTEM, now=now)


def events() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("type", flat=True))


class TestAskMany:
    def test_notes_what_is_asked_why_and_until_when(self):
        ask(request(former_names=("旧名",)))

        row = Exchange.objects.get()
        assert (row.state, row.outcome, row.subject) == ("waiting", "", str(ME))
        assert (row.former_names, row.deadline_at) == (["旧名"], DEADLINE)
        assert row.next_attempt_at == NOON

    def test_logs_the_intent_with_purpose_and_basis(self):
        (exchange,) = ask(request())

        entry = LogEntry.objects.get()
        assert entry.type == "exchange.intended"
        assert entry.exchange == exchange.public_id
        assert "食品安全法" in entry.leaf
        assert COMPANY not in entry.leaf

    def test_returns_one_exchange_per_request_in_their_order(self):
        wanted = [request(material=code) for code in ("M005", "M004", "M005", "M001")]

        made = ask(*wanted)

        assert [one.material for one in made] == ["M005", "M004", "M005", "M001"]
        assert made[0].pk == made[2].pk

    def test_asks_a_thing_once_however_often_a_case_wants_it(self):
        first = ask(request())
        again = ask(request(), request(material="M005"))

        assert again[0].pk == first[0].pk
        assert Exchange.objects.count() == 2
        assert events() == ["exchange.intended"] * 2

    def test_keeps_subjects_of_one_material_apart(self):
        people = [Subject("person", name) for name in ("张三1", "李四2")]

        ask(*[request(subject=person) for person in people])

        assert Exchange.objects.count() == 2

    def test_lets_two_cases_ask_the_same(self):
        ask(request(), request(case="D20260302-BBBBBB"))

        assert Exchange.objects.count() == 2

    def test_returns_what_somebody_else_asked_in_the_same_moment(self):
        twin = ExchangeFactory(case="D20260302-AAAAAA")

        asked = ask(request(), request(material="M005"))

        assert asked[0].pk == twin.pk
        assert [each.material for each in asked] == ["M004", "M005"]
        assert Exchange.objects.count() == 2
        assert events() == ["exchange.intended"]

    def test_rings_for_each_department_after_the_commit(
        self, django_capture_on_commit_callbacks, monkeypatch
    ):
        rung = []
        from services.dispatch.operations import ring

        monkeypatch.setattr(ring, "_publish", lambda task, args: rung.append(args))
        with django_capture_on_commit_callbacks(execute=True):
            ask(
                request(),
                request(material="M005"),
                request(material="M048", department="wsjk"),
            )
            assert rung == []

        assert rung == [{"code": "scjg"}, {"code": "wsjk"}]

    def test_takes_few_statements_whatever_the_number(self):
        counts = []
        for size in (1, 60, 120):  # the first one meets new pseudonyms
            wanted = [request(case=f"D{size}-{n}") for n in range(size)]
            with CaptureQueriesContext(connection) as statements:
                ask(*wanted)
            counts.append(len(statements))

        assert counts[1] == counts[2] <= 12

    def test_asks_nothing_for_nobody(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert ask() == []


class TestReuse:
    def test_settles_at_once_with_evidence_that_is_fresh_and_logs_it(self):
        evidence = EvidenceFactory()

        (exchange,) = ask(request())

        assert (exchange.state, exchange.outcome) == ("settled", "FOUND")
        assert exchange.reused
        assert exchange.evidence_id == evidence.pk
        assert events() == ["exchange.reused"]
        assert EntryDetails.objects.get().body["evidence"] == evidence.pk

    def test_tells_the_case(self):
        EvidenceFactory()

        ask(request())

        message = OutboxMessage.objects.get()
        assert (message.task, message.key) == ("cases.advance", "D20260302-AAAAAA")

    @pytest.mark.parametrize(
        "other",
        [
            {"fresh_until": NOON},
            {"material": "M005"},
            {"entity": OTHER_COMPANY},
            {"subject": f"other_entity:{COMPANY}"},
        ],
    )
    def test_needs_the_same_company_material_and_subject_and_time(self, other):
        EvidenceFactory(**other)

        (exchange,) = ask(request())

        assert exchange.state == "waiting"

    def test_takes_the_newest(self):
        newest = EvidenceFactory(obtained_at=NOON - timedelta(hours=1))
        EvidenceFactory(obtained_at=NOON - timedelta(days=2))

        assert ask(request())[0].evidence_id == newest.pk

    @pytest.mark.parametrize(
        ("kept_at", "state"),
        [
            (NOON - timedelta(hours=1), "waiting"),
            (NOON - timedelta(days=2), "settled"),
            (None, "settled"),
        ],
    )
    def test_ends_when_a_newer_certificate_was_deposited(self, kept_at, state):
        EvidenceFactory(obtained_at=NOON - timedelta(days=1))
        DepositOrder.objects.create(
            number="JY2",
            department="scjg",
            material="M004",
            entity=COMPANY,
            payload=[],
            ordered_at=NOON - timedelta(days=2),
            kept_at=kept_at,
        )

        assert ask(request())[0].state == state


class TestAskAgain:
    def again(self, *exchanges):
        keys = [(one.case, one.material, ME) for one in exchanges]
        return ask_again_many(
            keys, deadline_at=DEADLINE + timedelta(days=1), actor=SYSTEM, now=NOON
        )

    def test_puts_a_new_question_in_place_of_one_not_found(self):
        old = ExchangeFactory(not_found=True)

        assert self.again(old) == 1

        old.refresh_from_db()
        new = Exchange.objects.exclude(pk=old.pk).get()
        assert old.state == "cancelled"
        assert (new.state, new.case, new.reply_key) == ("waiting", old.case, old.case)
        assert new.deadline_at == DEADLINE + timedelta(days=1)
        assert events() == ["exchange.intended"]

    @pytest.mark.parametrize("trait", ["found", "assisted"])
    def test_leaves_alone_what_is_found_or_still_open(self, trait):
        exchange = ExchangeFactory(**{trait: True})

        assert self.again(exchange) == 0
        assert Exchange.objects.count() == 1

    def test_leaves_other_materials_of_the_case_alone(self):
        old = ExchangeFactory(not_found=True)
        ExchangeFactory(not_found=True, case=old.case, material="M005")

        assert self.again(old) == 1
        assert Exchange.objects.get(material="M005").state == "settled"

    def test_does_not_reuse_evidence_for_it_that_nobody_has(self):
        self.again(ExchangeFactory(not_found=True))

        assert not Evidence.objects.exists()


class TestSupersedeStale:
    def supersede(self, exchange: Exchange, *, now: datetime) -> int:
        key = (exchange.case, exchange.material, parse_subject(exchange.subject))
        return supersede_stale([key], deadline_at=DEADLINE, actor=SYSTEM, now=now)

    def test_asks_anew_what_was_shown_too_long_ago(self):
        old = ExchangeFactory(found=True)
        later = old.evidence.fresh_until

        assert self.supersede(old, now=later) == 1
        assert self.supersede(old, now=later) == 0

        old.refresh_from_db()
        assert (old.state, old.outcome) == ("cancelled", "FOUND")
        new = Exchange.objects.get(state="waiting")
        assert (new.case, new.material, new.issued_at) == (
            old.case,
            old.material,
            later,
        )

    def test_leaves_what_is_fresh(self):
        old = ExchangeFactory(found=True)

        fresh = old.evidence.fresh_until - timedelta(seconds=1)
        assert self.supersede(old, now=fresh) == 0

    def test_does_not_go_in_circles_with_a_copy_that_was_stale_when_it_came(self):
        stale = EvidenceFactory(fresh_until=NOON)
        old = ExchangeFactory(found=True, evidence=stale)

        assert self.supersede(old, now=NOON + timedelta(minutes=9)) == 0
        assert self.supersede(old, now=NOON + timedelta(minutes=10)) == 1
