"""Papers carry receipt and tree; the page brings along all that it checks."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from services.cases.models import Case
from services.cases.operations.correct import request_correction
from services.cases.receipts import receipt_number, receipt_of
from services.ledger import note
from services.ledger.covering import newest_checkpoint
from services.ledger.models import LogEntry
from services.ledger.queries import LogLine, entry, lines_of
from services.ledger.signing import log_signer
from services.web.receipts import papers
from tests.factories.cases import filed, hold_for, open_task, person_of
from tests.ledger.writing import place_and_sign
from tests.web.conftest import NOON, as_applicant, as_staff, page

ITEM = "HZ-095"
BY_DEPARTMENT = "HZ-175"  # accepted by the department, not on the spot


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def signed(case) -> Case:
    place_and_sign()
    return case


@pytest.fixture
def anybody() -> Client:
    return Client()


def number(case: Case) -> str:
    return receipt_number(str(case.number))


def data_in(text: str) -> dict:
    found = re.search(r'id="receipt-data"[^>]*>(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


class TestVerify:
    def test_brings_receipt_key_and_growth_along(self, anybody, signed):
        data = data_in(page(anybody.get(f"/verify/{number(signed)}")))

        assert data["receipt"] == receipt_of(signed).proof
        assert data["key"] == str(log_signer().key)
        size = str(newest_checkpoint().size)
        assert data["growths"][size]["checkpoint"] == newest_checkpoint().note

    def test_says_that_nothing_is_signed_yet(self, anybody, case):
        shown = page(anybody.get(f"/verify/{number(case)}"))

        assert "还没有进入签名的检查点" in shown
        assert data_in(shown)["growths"] == {}

    def test_names_nobody(self, anybody, signed):
        shown = page(anybody.get(f"/verify/{number(signed)}"))

        assert signed.entity.uscc not in shown
        assert signed.entity.legal_name not in shown

    @pytest.mark.parametrize("wrong", ["x", "330100-20261123-000001-AAAAAAAA", "%20"])
    def test_a_wrong_number_is_told_beside_the_box_to_type_it(
        self, anybody, signed, wrong
    ):
        answer = anybody.get(f"/verify/{wrong}")

        assert answer.status_code == 404
        assert answer["X-Problem-Code"] == "receipt_unknown"
        assert "请与纸上的编号核对" in page(answer)

    def test_a_machine_is_told_in_its_own_form(self, anybody, signed):
        answer = anybody.get("/verify/x", headers={"Accept": "application/json"})

        assert answer.status_code == 404
        assert answer.json()["code"] == "receipt_unknown"

    def test_a_typed_number_leads_to_its_page(self, anybody):
        answer = anybody.get("/verify/", {"number": " 330100-1/2 "})

        assert answer["Location"] == "/verify/330100-1-2"

    def test_goes_on_without_the_logs_key(self, anybody, signed, settings, tmp_path):
        settings.LOG_KEY, settings.LOCAL = tmp_path / "none", False

        assert data_in(page(anybody.get("/verify/")))["key"] == ""


class TestDownload:
    def test_is_the_file_that_the_verifier_takes(self, anybody, signed):
        answer = anybody.get(f"/receipts/{number(signed)}.tlog-proof")

        assert page(answer) == receipt_of(signed).proof
        name = f'attachment; filename="{number(signed)}.tlog-proof"'
        assert answer["Content-Disposition"] == name

    def test_by_the_cases_number_only_for_who_may_see_it(
        self, anybody, signed, company, other_company
    ):
        path = f"/receipts/{signed.number}.tlog-proof"

        assert as_applicant(company).get(path).status_code == 200
        assert as_applicant(other_company).get(path).status_code == 404
        assert anybody.get(path).status_code == 404

    def test_of_a_draft_there_is_none(self, company, signed):
        path = f"/receipts/{signed.reference}.tlog-proof"
        Case.objects.filter(pk=signed.pk).update(number=None, state="draft")

        assert as_applicant(company).get(path).status_code == 404

    def test_says_that_nothing_is_signed_yet(self, anybody, case):
        answer = anybody.get(f"/receipts/{number(case)}.tlog-proof")

        assert answer.status_code == 404
        assert "还没有进入签名的检查点" in page(answer)


class TestGrowth:
    def test_of_a_log_that_was_once_longer_shows_that_it_is_shorter_now(
        self, anybody, signed
    ):
        answer = anybody.get("/receipts/growth/999999999999999999999999")

        assert answer.json() == {"checkpoint": newest_checkpoint().note, "hashes": []}

    def test_before_anything_is_signed_is_empty(self, anybody, db):
        answer = anybody.get("/receipts/growth/1")

        assert answer.json() == {"checkpoint": "", "hashes": []}


class TestPapers:
    def show(self, case: Case, kind: str, who: Client | None = None) -> str:
        who = who or as_applicant(case.entity)
        answer = who.get(f"/cases/{case.number}/papers/{kind}/")
        assert answer.status_code == 200
        return page(answer)

    def test_each_carries_tree_size_root_and_the_receipts_address(self, signed):
        shown = self.show(signed, "filing")

        text = note.parse_note(newest_checkpoint().note).text
        head = note.parse_checkpoint(text)
        assert f">{head.size}<" in shown
        assert f">{note.encode(head.root)}<" in shown
        assert f"http://testserver/verify/{number(signed)}" in shown

    def test_hold_address_size_and_root_in_their_code(self, signed, monkeypatch):
        drawn: list[str] = []
        make = papers.segno.make
        monkeypatch.setattr(
            papers.segno, "make", lambda text, **how: drawn.append(text) or make(text)
        )

        shown = self.show(signed, "filing")

        size, root = newest_checkpoint().note.splitlines()[1:3]
        address = f"http://testserver/verify/{number(signed)}"
        assert drawn == [f"{address}#{size}-{root}"]
        assert "<svg" in shown

    def test_say_so_when_nothing_is_signed_yet(self, case):
        assert "还没有签名的检查点" in self.show(case, "filing")

    def test_of_acceptance_promises_a_day(self, signed):
        shown = self.show(signed, "acceptance")

        assert "受理通知书" in shown
        assert str(signed.promised_on) in shown

    def test_of_correction_lists_what_to_correct(self, company):
        hold_for(company, BY_DEPARTMENT)
        case = filed(company, BY_DEPARTMENT)
        reviewer = person_of(open_task(case, "accept"))
        request_correction(
            case=case,
            problems=[{"pointer": "/fields/agent_phone", "text": "经办人手机停机"}],
            actor=reviewer,
            now=NOON,
        )

        assert "经办人手机停机" in self.show(case, "correction")

    def test_of_decision_gives_reasons_and_redress(self, signed):
        username = open_task(signed, "decide").assignee.username
        clerk = as_staff(username)
        refused = {"reasons": "材料不实"}
        clerk.post(f"/desk/cases/{signed.number}/refuse/", refused)

        for who in (None, clerk):
            shown = self.show(signed, "decision", who)
            assert "不予行政许可决定书" in shown
            assert "材料不实" in shown
            assert "行政复议" in shown

    def test_opened_by_the_office_are_looks_and_by_the_company_none(self, signed):
        looks = LogEntry.objects.filter(case=signed.reference, type="entity.viewed")
        self.show(signed, "acceptance")
        assert not looks.exists()

        clerk = open_task(signed, "decide").assignee.username
        self.show(signed, "acceptance", as_staff(clerk))

        (line,) = [entry(row.pk) for row in looks]
        assert line.subject == f"entity:{signed.entity.uscc}"
        assert (line.details, line.actor_role) == ({"paper": "acceptance"}, "reviewer")

    def test_are_served_when_the_company_first_opens_each(self, signed):
        clerk = open_task(signed, "decide").assignee.username
        self.show(signed, "acceptance", as_staff(clerk))
        assert not self.served(signed)

        for kind in ("acceptance", "filing", "acceptance", "filing"):
            self.show(signed, kind)

        acceptance, filing = self.served(signed)
        assert (acceptance.code, filing.code) == ("acceptance", "filing")
        assert acceptance.actor_role == "applicant"
        assert acceptance.subject == f"entity:{signed.entity.uscc}"

    @staticmethod
    def served(case: Case) -> list[LogLine]:
        rows = LogEntry.objects.filter(type="paper.served", case=case.reference)
        return lines_of(rows.order_by("pk"))

    def test_that_are_not_there_are_not_served(self, signed):
        owner = as_applicant(signed.entity)

        owner.get(f"/cases/{signed.number}/papers/decision/")

        assert not self.served(signed)

    def test_are_listed_beside_the_case_on_both_desks(self, signed):
        clerk = as_staff(open_task(signed, "decide").assignee.username)

        for who, path in (
            (as_applicant(signed.entity), f"/cases/{signed.number}/"),
            (clerk, f"/desk/cases/{signed.number}/"),
        ):
            shown = page(who.get(path))
            assert f"/cases/{signed.number}/papers/acceptance/" in shown
            assert f"/verify/{number(signed)}" in shown

    @pytest.mark.parametrize("kind", ["decision", "correction", "nonsense"])
    def test_that_are_not_there_are_not_found(self, signed, kind):
        owner = as_applicant(signed.entity)

        answer = owner.get(f"/cases/{signed.number}/papers/{kind}/")

        assert answer.status_code == 404

    def test_of_others_are_not_found(self, signed, other_company, anybody):
        path = f"/cases/{signed.number}/papers/filing/"

        assert as_applicant(other_company).get(path).status_code == 404
        assert anybody.get(path).status_code == 302
