"""Saved questions on their pages, and those that compare the log with other books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.models import Case
from services.exchange.models import Evidence, Exchange
from services.ledger.entry import Entry
from services.ledger.models import EntryDetails, LogEntry
from services.ledger.queries import entry
from services.ledger.questions import Span
from services.web.auditor import across
from services.web.auditor.saved import QUESTIONS
from tests.cases.test_effects import FOOD, ON_COMMITMENT
from tests.clock import NOON
from tests.factories.cases import filed, hold_for
from tests.ledger.writing import LICENCE, REVIEWER, moved, tamper, write
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"
OTHER = "91330106FAKE00021X"
MONTH = Span(NOON - timedelta(days=30), NOON + timedelta(hours=12))


@pytest.fixture
def case(company):
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def delivered(company):
    hold_for(company, FOOD)
    return filed(company, FOOD, given=ON_COMMITMENT)


@pytest.fixture
def auditor(staffed):
    return as_staff("auditor")


class TestPages:
    def test_list_at_least_ten(self, auditor):
        shown = page(auditor.get("/audit/questions/"))

        assert len(QUESTIONS) >= 10
        assert shown.count('href="/audit/questions/') >= len(QUESTIONS)

    @pytest.mark.parametrize("code", sorted(QUESTIONS))
    def test_answer_an_honest_log(self, auditor, case, code):
        shown = page(auditor.get(f"/audit/questions/{code}/"))

        assert str(QUESTIONS[code].title) in shown
        told = "共 " in shown or "只列出最近" in shown
        assert told or "这段时间里没有" in shown
        suspicious = {"without-outcome", "exchange-without-entry", "stale-evidence"}
        suspicious |= {"entry-without-exchange", "without-case"}
        assert not (told and code in suspicious)

    @pytest.mark.parametrize("code", sorted(QUESTIONS))
    def test_speak_english(self, auditor, code):
        chinese = str(QUESTIONS[code].title)

        english = auditor.get(
            f"/audit/questions/{code}/", headers={"accept-language": "en"}
        )

        assert chinese not in page(english)

    def test_ask_about_the_days_that_were_chosen(self, auditor):
        write(Entry(type="upload.viewed", actor=REVIEWER), at=NOON - timedelta(days=10))

        month = page(auditor.get("/audit/questions/uploads/"))
        week = page(auditor.get("/audit/questions/uploads/?days=7"))
        nonsense = page(auditor.get("/audit/questions/uploads/?days=x"))

        assert "共 1 条" in month
        assert "共 1 条" in nonsense
        assert "这段时间里没有" in week

    def test_show_no_more_than_one_can_read(self, auditor):
        write(*[Entry(type="upload.viewed", actor=REVIEWER) for _ in range(201)])

        shown = page(auditor.get("/audit/questions/uploads/"))

        assert "只列出最近 200 条" in shown
        assert shown.count("<tr data-open>") == 200

    def test_are_looks_at_the_log_themselves(self, auditor):
        auditor.get("/audit/questions/rights/?days=90")

        look = LogEntry.objects.get(type="log.viewed")
        asked = EntryDetails.objects.get(entry_id=look.pk).body
        assert asked == {"question": "rights", "days": "90"}

    def test_find_rights_that_were_given(self, auditor):
        """Staff was seeded at noon, each with an account and a post."""
        shown = page(auditor.get("/audit/questions/rights/"))

        newest = LogEntry.objects.filter(type="account.granted").latest("pk")
        assert f"/audit/entries/{newest.pk}/" in shown
        assert newest.code in shown
        account = entry(newest.pk).subject.removeprefix("account:")
        assert account in shown

    def test_may_be_about_one_company(self, auditor):
        looks = [
            Entry(type="upload.viewed", actor=REVIEWER, subject=f"entity:{licence}")
            for licence in (LICENCE, LICENCE, OTHER)
        ]
        write(*looks)

        shown = page(auditor.get(f"/audit/questions/uploads/?licence={LICENCE}"))

        look = LogEntry.objects.get(type="log.viewed")
        assert "共 2 条" in shown
        assert OTHER not in shown
        assert look.subject == LogEntry.objects.filter(type="upload.viewed")[0].subject
        assert "licence" not in EntryDetails.objects.get(entry_id=look.pk).body

    def test_say_what_is_wrong_with_a_licence_number(self, auditor):
        for address in ("uploads/", "uploads/export.csv"):
            told = auditor.get(f"/audit/questions/{address}?licence=123")

            assert told.status_code == 422
            assert "应为 18 位" in page(told)
        assert not LogEntry.objects.filter(type__startswith="log.").exists()

    def test_that_nobody_wrote_are_not_found(self, auditor):
        assert auditor.get("/audit/questions/why/").status_code == 404

    def test_are_not_there_for_anybody_else(self, case):
        for browser in (as_applicant(case.entity), as_staff("reviewer-scjg")):
            assert browser.get("/audit/questions/").status_code == 404
            assert browser.get("/audit/questions/rights/").status_code == 404

    def test_lead_from_a_count_to_its_entries(self, auditor):
        refused = Entry(type="exchange.refused", office="gaj", code="NOT_AUTHORISED")
        write(refused, moved())

        shown = page(auditor.get("/audit/questions/refusals/"))

        way = "/audit/?type=exchange.refused&amp;office=gaj&amp;code=NOT_AUTHORISED"
        assert way in shown


@pytest.mark.django_db
class TestAccessWithoutCase:
    def test_is_a_look_that_belongs_to_nothing(self, case):
        look = {"type": "evidence.viewed", "actor": REVIEWER}
        write(
            Entry(**look, code="none", subject=f"entity:{LICENCE}"),
            Entry(**look, code="list"),
            Entry(**look, code="invented", case="D20991231-AAAAAA"),
            Entry(**look, code="right", case=case.reference),
        )

        found = {row.code for row in across.access_without_case(MONTH)}

        assert found == {"none", "invented"}

    @pytest.mark.parametrize("event", ["log.viewed", "log.exported"])
    def test_is_a_look_at_the_log_for_one_company(self, event):
        log = {"type": event, "actor": REVIEWER}
        write(Entry(**log), Entry(**log, subject=f"entity:{LICENCE}", code="company"))

        (found,) = across.access_without_case(MONTH)

        assert found.code == "company"


class TestTwoBooks:
    def test_agree_where_nobody_meddled(self, case):
        assert Exchange.objects.exists()
        assert not across.exchanges_without_entry(MONTH).exists()
        assert not across.entries_without_exchange(MONTH).exists()

    def test_miss_an_entry_that_was_deleted(self, case):
        gone = LogEntry.objects.filter(type="exchange.intended").first()
        tamper("DELETE FROM ledger_logentry WHERE id = %s", gone.pk)

        (found,) = across.exchanges_without_entry(MONTH)

        assert found.public_id == gone.exchange
        assert across.exchanges_without_entry(MONTH._replace(licence=found.entity))
        assert not across.exchanges_without_entry(MONTH._replace(licence=OTHER))

    def test_miss_an_exchange_that_was_deleted(self, case):
        entry = Entry(type="exchange.intended", case=case.reference, exchange="e" * 32)
        write(entry)

        (found,) = across.entries_without_exchange(MONTH)

        assert found.exchange == "e" * 32


class TestStaleEvidence:
    def test_was_not_used_by_an_honest_approval(self, delivered):
        assert delivered.decided_at
        assert not across.approved_on_stale_evidence(MONTH).exists()

    @pytest.mark.parametrize(("seconds", "found"), [(0, True), (1, False)])
    def test_is_found_up_to_the_instant(self, delivered, seconds, found):
        used = delivered.requirements.filter(evidence__isnull=False).first()
        until = delivered.decided_at + timedelta(seconds=seconds)
        Evidence.objects.filter(pk=used.evidence_id).update(fresh_until=until)

        rows = across.approved_on_stale_evidence(MONTH)

        assert not across.approved_on_stale_evidence(MONTH._replace(licence=OTHER))
        assert {row.evidence_id for row in rows} == (
            {used.evidence_id} if found else set()
        )

    def test_does_not_matter_before_a_decision(self, delivered):
        used = delivered.requirements.filter(evidence__isnull=False).first()
        Evidence.objects.filter(pk=used.evidence_id).update(fresh_until=NOON)
        Case.objects.filter(pk=delivered.pk).update(
            decided_at=MONTH.since - timedelta(days=1)
        )

        assert not across.approved_on_stale_evidence(MONTH).exists()
