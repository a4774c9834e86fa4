"""Whatever is posted or typed into an address: an answer that says so, never a 500."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from services.cases.models import Case
from services.exchange.models import AssistRequest
from tests.factories.cases import draft_for, filed, hold_for, open_task
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"  # a reviewer decides
CHANGE, LICENCE = "HZ-005", "M004"  # parked while no register shows the licence
APPLY = f"/apply/{ITEM}/"


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


class TestANulByte:
    @pytest.mark.parametrize(
        "path", ["/?q=%00", "/search/?q=a%00b", "/items/%00/", "/?%00=1"]
    )
    def test_in_an_address_is_refused(self, catalogue, path):
        answer = Client().get(path)

        assert answer.status_code == 400
        assert "无法读取" in page(answer)

    def test_in_a_form_is_refused_and_nothing_is_kept(self, company):
        draft = draft_for(company, ITEM)
        before = draft.stated_fields

        answer = as_applicant(company).post(
            APPLY, {"action": "save", "f-agent_name": "张\x00三"}
        )

        assert answer.status_code == 400
        draft.refresh_from_db()
        assert draft.stated_fields == before

    def test_is_told_a_machine_as_a_problem(self, catalogue):
        answer = Client().get("/?q=%00", headers={"accept": "application/json"})

        assert answer.json()["code"] == "unreadable_request"


def test_a_form_in_a_charset_that_no_form_has_is_refused(company):
    draft_for(company, ITEM)
    answer = as_applicant(company).generic(
        "POST",
        APPLY,
        data=b"action=save&f-agent_name=\xff\xfe",
        content_type="application/x-www-form-urlencoded; charset=utf-16",
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("before", ["²", "9" * 5000, "-1", "x"])
def test_a_page_mark_that_is_no_number_shows_the_newest_entries(case, before):
    answer = as_staff("auditor").get("/audit/", {"before": before})

    assert answer.status_code == 200
    assert "case.filed" in page(answer)


@pytest.mark.parametrize("task", ["²", "9" * 5000, "", "x"])
def test_a_task_that_is_no_number_is_not_found(case, task):
    browser = as_staff(open_task(case, "decide").assignee.username)

    answer = browser.post(
        f"/desk/cases/{case.number}/task/", {"task": task, "passed": "1"}
    )

    assert answer.status_code == 404


def test_a_decision_is_no_task_to_tick_off(case):
    task = open_task(case, "decide")
    browser = as_staff(task.assignee.username)

    answer = browser.post(
        f"/desk/cases/{case.number}/task/", {"task": str(task.pk), "passed": "1"}
    )

    assert answer.status_code == 403
    task.refresh_from_db()
    assert task.closed_at is None


def test_demo_values_do_not_hide_a_bad_paper(company):
    draft_for(company, ITEM)
    paper = SimpleUploadedFile("x.pdf", b"%PDF-1.4")

    answer = as_applicant(company).post(APPLY, {"action": "demo", "u-M001": paper})

    assert answer.status_code == 422
    assert "无需也不能上传" in page(answer)


class TestADisputedNumber:
    @pytest.mark.parametrize(
        ("number", "issuer"), [("1" * 81, "某机关"), ("1", "某" * 121)]
    )
    def test_that_no_office_would_give_is_refused(self, company, number, issuer):
        hold_for(company, CHANGE, without={LICENCE})
        case = filed(company, CHANGE)

        answer = as_applicant(company).post(
            f"/cases/{case.number}/dispute/",
            {"material": LICENCE, "stated_number": number, "stated_issuer": issuer},
        )

        assert answer["X-Problem-Code"] == "number_or_issuer_too_long"
        assert not AssistRequest.objects.exists()
