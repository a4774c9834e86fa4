"""After `forget`: nothing of a company in tables, pages, search and exports."""

from __future__ import annotations

import io
from itertools import chain

import openpyxl
import pytest
from django.core.management import call_command

from services.cases.models import Case
from services.exchange.models import Evidence
from services.ledger.check import check_log
from services.ledger.models import EntryDetails, LogEntry, Pseudonym
from services.ledger.retention import FORGOTTEN
from tests.factories.cases import filed, hold_for, open_task
from tests.ledger.writing import place_and_sign
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"  # a reviewer decides


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    case = filed(company, ITEM)
    reviewer = open_task(case, "decide").assignee
    as_staff(reviewer.username).get(f"/desk/cases/{case.number}/")
    place_and_sign()
    return case


def secrets_of(case: Case) -> set[str]:
    """Return what would tell whose case it was, or what stands on its papers."""
    company = case.entity
    evidence = Evidence.objects.filter(entity=company.uscc)
    numbers = {record["number"] for one in evidence for record in one.records}
    return {
        company.uscc,
        company.legal_name,
        company.place_of_business,
        company.representative_id,
        *numbers,
    }


def shown_to_the_auditor(case: Case) -> str:
    """Return all that the audit desk says about a case and its company."""
    auditor = as_staff("auditor")
    entries = LogEntry.objects.filter(case=case.reference).values_list("pk", flat=True)
    pages = [
        auditor.get("/audit/", {"case": case.reference}),
        *(auditor.get(f"/audit/entries/{pk}/") for pk in entries),
    ]
    csv, ocel, xlsx = (
        b"".join(auditor.get(f"/audit/export/log.{kind}").streaming_content)
        for kind in ("csv", "ocel.json", "xlsx")
    )
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx)).active
    cells = map(str, chain.from_iterable(sheet.values))
    return "".join((*map(page, pages), csv.decode(), ocel.decode(), *cells))


def forget(case: Case) -> None:
    call_command("forget", "--company", case.entity.uscc, "--by", "auditor")


def test_pages_and_exports_tell_nothing_of_the_company_any_more(case):
    secrets = secrets_of(case)
    before = shown_to_the_auditor(case)
    assert case.entity.uscc in before
    assert len([text for text in secrets if text in before]) > 3

    forget(case)

    after = shown_to_the_auditor(case)
    assert [text for text in secrets if text in after] == []


def test_search_finds_nothing_and_the_tables_hold_nothing(case):
    entries = LogEntry.objects.filter(case=case.reference).exclude(subject="")
    forget(case)

    details = EntryDetails.objects.filter(entry_id__in=entries.values("pk"))
    assert not details.exclude(
        entry_id__in=LogEntry.objects.filter(type=FORGOTTEN).values("pk")
    ).exists()
    named = Pseudonym.objects.filter(pseudonym__in=entries.values("subject"))
    assert not named.exists()
    assert not Pseudonym.objects.filter(clear__contains=case.entity.uscc).exists()
    found = page(as_staff("auditor").get("/audit/", {"licence": case.entity.uscc}))
    assert "<tr data-open>" not in found


def test_the_log_still_verifies(case):
    forget(case)
    place_and_sign()

    assert check_log().differences == ()


def test_what_another_company_shares_stays(case, other_company):
    shared = LogEntry.objects.filter(case=case.reference, subject__gt="")
    place = Pseudonym.objects.get(
        pseudonym__in=shared.values("subject"), clear__startswith="premises:"
    )
    other_company.registered_address = case.entity.registered_address
    other_company.place_of_business = case.entity.place_of_business
    other_company.representative_id = "330199199001010022"
    other_company.save()
    hold_for(other_company, ITEM)
    filed(other_company, ITEM)

    forget(case)

    assert Pseudonym.objects.filter(pk=place.pk).exists()


def test_the_companys_own_pages_go_on(case):
    forget(case)
    browser = as_applicant(case.entity)

    assert browser.get("/my/").status_code == 200
    assert browser.get("/my/footprint/").status_code == 200
    assert browser.get(f"/cases/{case.number}/").status_code == 200
