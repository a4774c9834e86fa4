"""The auditor's list of entries with its filters, and the state of the tree."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from services.ledger.explore import pseudonyms_of
from services.ledger.models import EntryDetails, LogEntry
from services.ledger.operations.sequence import sequence_pending
from services.ledger.queries import lines_of
from services.ledger.signing import log_signer
from tests.clock import NOON
from tests.factories.cases import filed, hold_for
from tests.ledger.writing import REVIEWER, moved, place_and_sign, write
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"
OTHER = "91330106FAKE00021X"


@pytest.fixture
def case(company):
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def auditor(staffed):
    return as_staff("auditor")


class TestLogList:
    def test_shows_entries_and_the_state_of_the_tree(self, auditor, case):
        pending = page(auditor.get("/audit/"))
        sequence_pending(now=NOON)
        placed = page(auditor.get("/audit/"))

        in_the_tree = LogEntry.objects.exclude(type="log.viewed").count() + 1
        assert "case.filed" in pending
        assert f"<dd>{in_the_tree}</dd>" not in pending
        assert f"<dd>{in_the_tree}</dd>" in placed

    def test_names_who_signed_the_newest_checkpoint(self, auditor, case):
        place_and_sign()

        shown = page(auditor.get("/audit/"))

        covered = LogEntry.objects.exclude(type="log.viewed").count()
        assert f"2026-11-23 12:00 · 覆盖 {covered} 条" in shown
        assert log_signer().key.name in shown

    @pytest.mark.parametrize("by", ["reference", "number"])
    def test_filters_by_case_reference_or_number(self, auditor, case, by):
        shown = page(auditor.get("/audit/", {"case": getattr(case, by)}))

        rows = LogEntry.objects.filter(case=case.reference).count()
        assert shown.count("<tr data-open>") == rows

    def test_filters_by_type_and_outcome_in_the_address(self, auditor, case):
        shown = page(auditor.get("/audit/?type=exchange.answered&outcome=FOUND"))

        wanted = LogEntry.objects.filter(type="exchange.answered", outcome="FOUND")
        assert shown.count("<tr data-open>") == wanted.count() > 0

    def test_shows_what_a_move_led_to(self, auditor, case):
        asked = {"case": case.reference, "outcome": "accepted"}
        shown = page(auditor.get("/audit/", asked))

        assert shown.count("<tr data-open>") == 1
        assert "已受理 <span" in shown

    def test_pages_backwards_without_losing_the_filter(self, auditor, case):
        first = LogEntry.objects.filter(case=case.reference).order_by("pk").first()

        shown = page(
            auditor.get("/audit/", {"case": case.reference, "before": first.pk + 1})
        )

        assert shown.count("<tr data-open>") == 1
        assert f"/audit/entries/{first.pk}/" in shown

    def test_finds_a_company_by_its_licence_number(self, auditor, case):
        shown = page(auditor.get("/audit/", {"licence": case.entity.uscc}))

        about = LogEntry.objects.filter(subject=self.subject_of("case.filed"))
        asked = LogEntry.objects.get(type="log.viewed")
        assert shown.count("<tr data-open>") == min(about.count() - 1, 50) > 0
        assert asked.subject == self.subject_of("case.filed")

    @staticmethod
    def subject_of(event: str) -> str:
        return LogEntry.objects.get(type=event).subject

    def test_reads_days_and_instants_as_shanghai_sees_them(self, auditor, case):
        today = page(auditor.get("/audit/?since=2026-11-23&until=2026-11-23"))
        before = page(auditor.get("/audit/?until=2026-11-23T12:00"))
        after = page(auditor.get("/audit/?since=2026-11-23T12:00:01"))

        assert "<tr data-open>" in today
        assert "<tr data-open>" not in before
        assert "<tr data-open>" not in after

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"since": "gestern"}, "“gestern”不是时间"),
            ({"until": "2026-02-30"}, "“2026-02-30”不是时间"),
            ({"since": "0001-01-01"}, "“0001-01-01”不是时间"),
            ({"since": "2026-11-23", "until": "2026-11-22"}, "应早于"),
            ({"type": "case.eaten"}, "没有“case.eaten”这种日志类型"),
            ({"licence": "91330102FAKE000138"}, "校验位不对"),
            ({"code": "x" * 41}, "最多 40 个字符"),
            ({"purpose": "x" * 201}, "最多 200 个字"),
            ({"before": "99999"}, "没有这个序号"),
        ],
    )
    def test_says_what_is_wrong_with_a_filter(self, auditor, asked, said):
        answer = auditor.get("/audit/", asked)

        assert answer.status_code == 422
        assert said in page(answer)
        assert not LogEntry.objects.filter(type="log.viewed").exists()

    def test_masks_names(self, auditor, case):
        shown = page(auditor.get("/audit/", {"case": case.reference}))

        assert case.entity.legal_representative not in shown

    def test_says_what_to_do_when_nothing_matches(self, auditor):
        assert "请放宽筛选条件" in page(auditor.get("/audit/?case=none"))

    def test_speaks_english(self, auditor, case):
        shown = page(auditor.get("/audit/", headers={"accept-language": "en"}))

        assert "Verification log" in shown

    def test_asks_the_database_little(
        self, auditor, case, django_assert_max_num_queries
    ):
        auditor.get("/audit/")
        with django_assert_max_num_queries(17):
            auditor.get("/audit/")

    def test_is_not_there_for_anybody_else(self, case):
        for browser in (as_applicant(case.entity), as_staff("reviewer-scjg")):
            assert browser.get("/audit/").status_code == 404
            assert browser.get("/audit/entries/1/").status_code == 404


class TestLooks:
    def test_at_a_list_and_at_an_entry_are_in_the_log_themselves(self, auditor, case):
        auditor.get("/audit/", {"type": "case.filed"})
        auditor.get(f"/audit/entries/{LogEntry.objects.order_by('pk')[0].pk}/")

        assert LogEntry.objects.filter(type="log.viewed").count() == 2

    def test_name_nobody_in_clear(self, auditor, case):
        write(moved(actor=REVIEWER))
        known = LogEntry.objects.get(type="case.moved", case="D1").actor

        auditor.get("/audit/", {"actor": REVIEWER.id, "licence": case.entity.uscc})

        look = LogEntry.objects.get(type="log.viewed")
        noted = EntryDetails.objects.get(entry_id=look.pk).body
        assert noted == {"actor": known, "by": "entity"}

    @pytest.mark.parametrize("address", ["", "export/log.csv"])
    @pytest.mark.parametrize("name", ["number", "reference"])
    def test_by_case_are_on_the_companys_trail(self, auditor, case, address, name):
        auditor.get(f"/audit/{address}", {"case": getattr(case, name)})

        (look,) = LogEntry.objects.filter(type__in=("log.viewed", "log.exported"))
        assert look.subject == LogEntry.objects.get(type="case.filed").subject
        assert look.case == ""  # it is no step of the case
        trail = page(as_applicant(case.entity).get("/my/footprint/?view=people"))
        assert trail.count("<tr data-open>") == 1

    def test_by_no_case_are_about_nobody(self, auditor, case):
        auditor.get("/audit/", {"case": "D20991231-AAAAAA"})

        assert LogEntry.objects.get(type="log.viewed").subject == ""

    def test_by_the_case_of_a_forgotten_company_do_not_name_it_again(
        self, auditor, case
    ):
        call_command("forget", "--company", case.entity.uscc, "--by", "auditor")

        auditor.get("/audit/", {"case": case.number})

        assert LogEntry.objects.get(type="log.viewed").subject == ""
        assert not pseudonyms_of(f"entity:{case.entity.uscc}")

    @pytest.mark.parametrize(
        ("subject", "named"),
        [
            ("premises:上城区解放路1号", ["entity"]),
            ("person:330100199001011237", ["entity"]),
            ("", ["entity"]),
            (f"other_entity:{OTHER}", ["entity", "other_entity"]),
        ],
    )
    def test_at_an_entry_are_about_its_case_and_who_else_is_named(
        self, auditor, case, subject, named
    ):
        (row,) = write(moved(case.reference, subject=subject))

        auditor.get(f"/audit/entries/{row.pk}/")

        looks = lines_of(LogEntry.objects.filter(type="log.viewed").order_by("pk"))
        keys = {"entity": case.entity.uscc, "other_entity": OTHER}
        assert [look.subject for look in looks] == [f"{k}:{keys[k]}" for k in named]
        assert {look.case for look in looks} == {""}
