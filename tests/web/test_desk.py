"""The desk: inbox, case, decision; each office sees its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.applying import Given
from services.cases.models import Case, Correction, Decision, Task
from services.cases.operations.carry_on import carry_on
from services.departments.models import Profile, Record
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.cases import filed, hold_for, open_task
from tests.factories.departments import ProfileFactory
from tests.factories.registry import EntityFactory
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"  # a reviewer decides, no inspection
BY_DEPARTMENT = "HZ-175"  # accepted by the department, not on the spot
INSPECTED = "HZ-229"  # an answer to confirm, a site to inspect


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def received(company) -> Case:
    hold_for(company, BY_DEPARTMENT)
    return filed(company, BY_DEPARTMENT)


def clerk_of(case: Case, kind: str):
    """Return the browser of the person whose name stands on a task."""
    return as_staff(open_task(case, kind).assignee.username)


class TestInbox:
    def test_shows_the_tasks_of_the_person_first(self, case):
        shown = page(clerk_of(case, "decide").get("/desk/"))

        assert case.number in shown
        assert "作出决定" in shown

    def test_says_what_to_do_when_there_is_nothing(self, staffed):
        assert "没有等您办理的任务" in page(as_staff("reviewer-scjg").get("/desk/"))

    @pytest.mark.parametrize("view", ["all", "due", "waiting", "parked", "done"])
    def test_has_saved_views_that_speak_english(self, case, view):
        browser = clerk_of(case, "decide")

        answer = browser.get(
            "/desk/", {"view": view}, headers={"accept-language": "en"}
        )

        assert answer.status_code == 200
        assert "All of the office" in page(answer)

    def test_finds_a_case_by_number_company_or_item(self, case):
        browser = clerk_of(case, "decide")
        item = case.item_version.item.name

        for query in (case.number, case.entity.legal_name, case.entity.uscc, item):
            assert case.number in page(
                browser.get("/desk/", {"view": "all", "q": query})
            )

        shown = page(browser.get("/desk/", {"view": "all", "q": "没有这家"}))
        assert case.number not in shown

    def test_shows_no_case_of_another_office(self, case):
        shown = page(as_staff("reviewer-sw").get("/desk/", {"view": "all"}))

        assert case.number not in shown

    def test_the_number_of_queries_does_not_grow_with_the_cases(
        self, case, django_assert_max_num_queries
    ):
        browser = clerk_of(case, "decide")
        for serial in range(3):
            entity = EntityFactory(
                district=case.entity.district,
                district_name=case.entity.district_name,
                representative_id=case.entity.representative_id,
                place_of_business=f"杭州市上城区解放路{serial + 2}号",
            )
            hold_for(entity, ITEM)
            filed(entity, ITEM)

        for view in ("mine", "all"):
            with django_assert_max_num_queries(20):
                shown = page(browser.get("/desk/", {"view": view}))
            assert shown.count("<tr data-open>") == 4


class TestCasePage:
    def test_shows_application_and_evidence_and_records_the_look(self, case):
        browser = clerk_of(case, "decide")
        before = LogEntry.objects.filter(type="evidence.viewed").count()

        shown = page(browser.get(f"/desk/cases/{case.number}/"))

        assert case.entity.legal_name in shown
        assert "已取得" in shown
        assert LogEntry.objects.filter(type="evidence.viewed").count() == before + 1

    def test_a_live_refresh_is_no_look(self, case):
        browser = clerk_of(case, "decide")

        browser.get(f"/desk/cases/{case.number}/live/")

        assert not LogEntry.objects.filter(type="evidence.viewed").exists()

    def test_is_complete_in_english(self, case):
        shown = page(
            clerk_of(case, "decide").get(
                f"/desk/cases/{case.number}/", headers={"accept-language": "en"}
            )
        )

        assert "Application" in shown
        assert "Enterprise name" in shown

    def test_masks_identity_numbers(self, case):
        shown = page(clerk_of(case, "decide").get(f"/desk/cases/{case.number}/"))

        assert case.stated_fields["agent_id"] not in shown

    def test_marks_where_data_says_something_else(self, company):
        hold_for(company, ITEM)
        given = Given(fields={"legal_representative": "钱七"})
        case = filed(company, ITEM, given=given)

        shown = page(clerk_of(case, "decide").get(f"/desk/cases/{case.number}/"))

        assert "钱七" in shown
        assert f"登记为：{company.legal_representative}" in shown

    def test_says_what_an_answer_is_worth(self, company):
        hold_for(company, ITEM)
        soon = NOON.date() + timedelta(days=9)
        Record.objects.filter(department="ghzy").update(valid_until=soon)
        case = filed(company, ITEM)
        path = f"/desk/cases/{case.number}/"

        shown = page(clerk_of(case, "decide").get(path))
        own = page(as_applicant(company).get(f"/cases/{case.number}/"))

        assert '<span class="tag tag-warn">有效期将届满</span>' in shown
        assert "有效期将届满" not in own

    @pytest.mark.parametrize("username", ["reviewer-sw", "inspector-scjg"])
    def test_is_not_found_by_another_office(self, case, username):
        browser = as_staff(username)

        for tail in ("", "live/"):
            answer = browser.get(f"/desk/cases/{case.number}/{tail}")
            assert answer.status_code == 404
        assert not LogEntry.objects.filter(type="evidence.viewed").exists()

    def test_does_not_exist_for_the_applicant(self, case):
        browser = as_applicant(case.entity)

        assert browser.get(f"/desk/cases/{case.number}/").status_code == 404

    def test_asks_the_database_little(self, case, django_assert_max_num_queries):
        browser = clerk_of(case, "decide")
        browser.get(f"/desk/cases/{case.number}/")

        with django_assert_max_num_queries(32):
            browser.get(f"/desk/cases/{case.number}/")


class TestDecide:
    def test_a_reviewer_approves(self, case):
        browser = clerk_of(case, "decide")

        answer = browser.post(f"/desk/cases/{case.number}/approve/")

        assert answer.headers["Location"] == f"/desk/cases/{case.number}/"
        carry_on(now=NOON)
        case.refresh_from_db()
        assert case.state == Case.State.DELIVERED

    def test_a_second_decision_is_told_and_changes_nothing(self, case):
        browser = clerk_of(case, "decide")
        browser.post(f"/desk/cases/{case.number}/approve/")

        answer = browser.post(f"/desk/cases/{case.number}/refuse/", {"reasons": "x"})

        assert answer.status_code == 409
        assert answer.headers["X-Problem-Code"] == "case_already_decided"
        assert "已由他人先行作出决定" in page(answer)
        assert Decision.objects.get(case=case).kind == Decision.Kind.APPROVED

    def test_a_refusal_needs_reasons(self, case):
        browser = clerk_of(case, "decide")

        answer = browser.post(f"/desk/cases/{case.number}/refuse/", {"reasons": " "})

        assert answer.status_code == 422
        assert answer.headers["X-Problem-Code"] == "invalid_input"
        case.refresh_from_db()
        assert case.state == Case.State.IN_REVIEW

    def test_a_refusal_tells_reasons_and_redress_to_the_company(self, case):
        clerk_of(case, "decide").post(
            f"/desk/cases/{case.number}/refuse/", {"reasons": "场所不符"}
        )

        shown = page(as_applicant(case.entity).get(f"/cases/{case.number}/"))
        assert "场所不符" in shown
        assert "行政复议" in shown

    def test_nobody_decides_while_a_department_is_silent(self, company):
        ProfileFactory(department="scjg", mode=Profile.Mode.DOWN)
        hold_for(company, ITEM)
        case = filed(company, ITEM)
        reviewer = as_staff(f"reviewer-{case.office_id}")

        answer = reviewer.post(f"/desk/cases/{case.number}/approve/")

        assert answer.status_code == 422
        assert answer.headers["X-Problem-Code"] == "requirements_unsettled"

    @pytest.mark.parametrize("username", ["reviewer-sw", "window-1", "head-1"])
    def test_no_other_office_decides(self, case, username):
        answer = as_staff(username).post(f"/desk/cases/{case.number}/approve/")

        assert answer.status_code in {403, 404}
        case.refresh_from_db()
        assert case.state == Case.State.IN_REVIEW

    def test_a_special_procedure_pauses_the_clock_until_it_ends(self, case):
        browser = clerk_of(case, "decide")

        browser.post(f"/desk/cases/{case.number}/suspend/", {"ground": "hearing"})
        case.refresh_from_db()
        assert case.state == Case.State.SPECIAL_PROCEDURE

        browser.post(f"/desk/cases/{case.number}/continue/")
        case.refresh_from_db()
        assert case.state == Case.State.IN_REVIEW

    def test_an_outage_is_no_ground_for_a_pause(self, case):
        answer = clerk_of(case, "decide").post(
            f"/desk/cases/{case.number}/suspend/", {"ground": "outage"}
        )

        assert answer.headers["X-Problem-Code"] == "pause_needs_ground"


class TestAccept:
    def test_the_department_accepts(self, received):
        browser = clerk_of(received, "accept")

        browser.post(f"/desk/cases/{received.number}/accept/")

        received.refresh_from_db()
        assert received.accepted_at == NOON

    def test_the_notice_lists_everything_at_once(self, received):
        clerk_of(received, "accept").post(
            f"/desk/cases/{received.number}/correct/",
            {
                "pointer": ["/fields/agent_phone", "/fields/agent_name", "/fields/x"],
                "text": ["手机停机", "姓名有误", ""],
            },
        )

        problems = Correction.objects.get(case=received).problems
        assert [problem["text"] for problem in problems] == ["手机停机", "姓名有误"]

    def test_a_notice_never_asks_for_what_government_issued(self, received):
        browser = clerk_of(received, "accept")
        licence = "M001"
        shown = page(browser.get(f"/desk/cases/{received.number}/"))
        assert f"/materials/{licence}" not in shown

        answer = browser.post(
            f"/desk/cases/{received.number}/correct/",
            {"pointer": [f"/materials/{licence}"], "text": ["请交营业执照"]},
        )

        assert answer.headers["X-Problem-Code"] == "never_asked_of_applicants"
        assert not Correction.objects.exists()

    def test_acceptance_is_refused_with_kind_and_reasons(self, received):
        browser = clerk_of(received, "accept")
        url = f"/desk/cases/{received.number}/refuse_acceptance/"

        assert browser.post(url, {"reasons": "非本机关"}).status_code == 422
        browser.post(url, {"kind": "other_authority", "reasons": "非本机关"})

        received.refresh_from_db()
        assert received.state == Case.State.NOT_ACCEPTED


class TestTasks:
    @pytest.fixture
    def inspected(self, company) -> Case:
        hold_for(company, INSPECTED)
        return filed(company, INSPECTED)

    def test_an_inspector_records_what_was_found(self, inspected):
        task = open_task(inspected, "inspect")
        browser = as_staff(task.assignee.username)
        assert "现场勘验" in page(browser.get(f"/desk/cases/{inspected.number}/"))

        browser.post(
            f"/desk/cases/{inspected.number}/task/", {"task": task.pk, "passed": "1"}
        )

        task.refresh_from_db()
        assert task.result == "passed"

    def test_what_did_not_pass_needs_a_remark(self, inspected):
        task = open_task(inspected, "inspect")
        browser = as_staff(task.assignee.username)

        answer = browser.post(
            f"/desk/cases/{inspected.number}/task/", {"task": task.pk, "passed": "0"}
        )

        assert answer.status_code == 422
        task.refresh_from_db()
        assert task.closed_at is None

    def test_a_reviewer_does_not_inspect(self, inspected):
        task = open_task(inspected, "inspect")
        reviewer = as_staff(f"reviewer-{inspected.office_id}")

        answer = reviewer.post(
            f"/desk/cases/{inspected.number}/task/", {"task": task.pk, "passed": "1"}
        )

        assert answer.status_code == 403
        assert Task.objects.get(pk=task.pk).closed_at is None
