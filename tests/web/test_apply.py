"""From authorisation to filing, without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services.cases.applying import applicant_of
from services.cases.demo_paper import demo_paper
from services.cases.models import Case, Upload
from services.cases.operations.carry_on import carry_on
from services.cases.planning.demo import demo_fields
from services.cases.plans import case_definition, preview_plan
from services.catalogue.definition import GOVERNMENT_ISSUED
from services.catalogue.queries import current_version, definition_of
from services.ledger.models import LogEntry
from services.registry.queries import registry_facts
from tests.clock import NOON
from tests.factories.cases import hold_for
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"  # a reviewer decides, no inspection
URL = f"/apply/{ITEM}/"


@pytest.fixture
def browser(company):
    hold_for(company, ITEM)
    return as_applicant(company)


@pytest.fixture
def draft(browser, company):
    browser.post(URL)
    carry_on(now=NOON)
    return Case.objects.get(entity=company)


def good_fields(case):
    definition = case_definition(case)
    plan = preview_plan(definition, case.entity, answers={}, now=NOON)
    facts = registry_facts(case.entity)
    values = demo_fields(definition, plan, facts, {})
    return {f"f-{code}": value for code, value in values.items()}


def papers(case):
    links = case_definition(case).links.values()
    return {
        f"u-{link.material}": SimpleUploadedFile("a.pdf", demo_paper(link.material))
        for link in links
        if link.how == "upload" and link.source == "base"
    }


def file_it(browser, draft, **more):
    filing = {**good_fields(draft), **papers(draft), "action": "file", **more}
    return browser.post(URL, filing)


class TestAuthorise:
    def test_names_the_departments_before_any_is_asked(self, browser):
        shown = page(browser.get(URL))

        assert "授权查询" in shown
        assert "市市场监管局" in shown
        assert not Case.objects.exists()

    def test_opens_a_draft_and_logs_the_authorisation(self, browser, company):
        assert browser.post(URL).status_code == 302

        draft = Case.objects.get(entity=company)
        assert draft.state == Case.State.DRAFT
        assert LogEntry.objects.filter(
            type="draft.authorised", case=draft.reference
        ).exists()

    def test_a_second_click_opens_no_second_draft(self, browser):
        browser.post(URL)
        browser.post(URL)

        assert Case.objects.count() == 1

    def test_an_unknown_item_is_not_found(self, browser):
        assert browser.get("/apply/HZ-999/").status_code == 404

    def test_staff_do_not_apply(self, browser):
        assert as_staff("reviewer-scjg").get(URL).status_code == 404


class TestForm:
    def test_comes_filled_from_the_register(self, browser, draft, company):
        shown = page(browser.get(URL))

        assert f'value="{company.legal_name}"' in shown
        assert re.search(r"已为您自动填写 \d+/\d+ 项，免交 \d+ 份材料", shown)

    def test_speaks_english(self, browser, draft):
        shown = page(browser.get(URL, headers={"accept-language": "en"}))

        assert "fields were filled in for you" in shown
        assert "Enterprise name" in shown

    @pytest.mark.parametrize("item", ["HZ-004", "HZ-012", "HZ-063", "HZ-229"])
    def test_has_no_upload_for_what_government_issued(self, company, item):
        browser = as_applicant(company)
        browser.post(f"/apply/{item}/")
        carry_on(now=NOON)

        shown = page(browser.get(f"/apply/{item}/"))

        links = definition_of(current_version(item)).links
        issued = {c for c, link in links.items() if link.kind == GOVERNMENT_ISSUED}
        uploads = set(re.findall(r'name="u-(\w+)"', shown))
        assert not uploads & issued

    def test_shows_departments_answers_while_they_come_in(self, browser, draft):
        shown = page(browser.get(f"{URL}progress/"))

        assert "已取得" in shown
        assert "hx-get" not in shown

    def test_asks_again_while_a_department_is_silent(self, browser):
        browser.post(URL)

        assert "every 2s" in page(browser.get(f"{URL}progress/"))

    def test_another_applicant_has_a_draft_of_its_own(self, draft, other_company):
        shown = page(as_applicant(other_company).get(URL))

        assert draft.reference not in shown
        assert draft.entity.legal_name not in shown

    def test_asks_the_database_little(
        self, browser, draft, django_assert_max_num_queries
    ):
        browser.get(URL)
        with django_assert_max_num_queries(20):
            browser.get(URL)


class TestSave:
    def test_keeps_what_was_typed_apart_from_what_data_filled_in(self, browser, draft):
        browser.post(
            URL,
            {
                "action": "save",
                "f-legal_name": draft.entity.legal_name,
                "f-agent_name": "赵六",
            },
        )

        draft.refresh_from_db()
        assert draft.stated_fields == {"agent_name": "赵六"}

    def test_a_wrong_file_type_is_refused_and_the_rest_is_kept(self, browser, draft):
        name = next(iter(papers(draft)))
        answer = browser.post(
            URL,
            {
                "action": "save",
                "f-agent_name": "赵六",
                name: SimpleUploadedFile("a.pdf", b"MZ not a pdf"),
            },
        )

        assert answer.status_code == 422
        assert "文件类型不支持" in page(answer)
        assert 'value="赵六"' in page(answer)
        assert not Upload.objects.exists()

    def test_a_government_issued_paper_is_refused_even_if_somebody_posts_it(
        self, browser, draft
    ):
        licence = case_definition(draft).licence_material
        paper = SimpleUploadedFile("a.pdf", demo_paper(licence))

        answer = browser.post(URL, {"action": "save", f"u-{licence}": paper})

        assert answer.status_code == 422
        assert not Upload.objects.exists()


class TestFile:
    def test_lists_everything_that_is_missing_together(self, browser, draft):
        answer = browser.post(URL, {"action": "file"})

        assert answer.status_code == 422
        assert answer.headers["X-Problem-Code"] == "invalid_input"
        assert "请填写「经办人姓名」" in page(answer)
        assert "请填写「经办人手机」" in page(answer)
        draft.refresh_from_db()
        assert draft.state == Case.State.DRAFT

    def test_gives_machines_pointers(self, browser, draft):
        answer = browser.post(
            URL, {"action": "file"}, headers={"accept": "application/json"}
        )

        pointers = {error["pointer"] for error in answer.json()["errors"]}
        assert "/fields/agent_name" in pointers

    def test_makes_a_case_and_leads_to_it(self, browser, draft):
        answer = file_it(browser, draft)

        draft.refresh_from_db()
        assert draft.state == Case.State.IN_REVIEW
        assert answer.headers["Location"] == f"/cases/{draft.number}/"

    def test_a_second_click_leads_to_a_form_and_makes_no_second_case(
        self, browser, draft
    ):
        file_it(browser, draft)
        file_it(browser, draft)

        assert Case.objects.filter(number__isnull=False).count() == 1

    def test_is_the_companys_own_act(self, browser, draft, company):
        file_it(browser, draft)

        entry = LogEntry.objects.get(type="case.filed")
        assert '"role":"applicant"' in entry.leaf
        assert applicant_of(company).id == draft.opened_by


class TestDemoValues:
    def test_fill_what_is_empty_so_that_the_draft_can_be_filed(self, browser, draft):
        browser.post(URL, {"action": "demo", "f-agent_name": "赵六"})
        browser.post(URL, {"action": "file"})

        draft.refresh_from_db()
        assert draft.state == Case.State.IN_REVIEW
        assert draft.stated_fields["agent_name"] == "赵六"
        assert all(Upload.objects.values_list("demo_value", flat=True))

    def test_do_not_exist_outside_a_demo(self, browser, draft, settings):
        settings.DEMO = False

        assert browser.post(URL, {"action": "demo"}).status_code == 404
        assert "填入演示值" not in page(browser.get(URL))
