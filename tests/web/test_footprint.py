"""数据足迹: who looked, when, why, on what basis; and asking about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from services.accounts.models import User
from services.cases.models import AccessQuestion, Case
from services.common.actors import Actor
from services.ledger.entry import Entry
from services.ledger.models import LogEntry
from services.ledger.operations.look import look_at_log
from services.ledger.queries import entry
from tests.clock import NOON
from tests.factories.cases import filed, hold_for, open_task
from tests.ledger.writing import write
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"  # a reviewer decides
TRAIL = "/my/footprint/"
AUDITOR = Actor("human", "auditor", "auditor", "赵审计")
IN_ENGLISH = {"accept-language": "en"}


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def reviewer(case) -> User:
    return open_task(case, "decide").assignee


@pytest.fixture
def look(case, reviewer) -> LogEntry:
    """Let the reviewer open the case."""
    as_staff(reviewer.username).get(f"/desk/cases/{case.number}/")
    return LogEntry.objects.get(type="evidence.viewed")


@pytest.fixture
def question(case, look) -> AccessQuestion:
    ask(case, look)
    return AccessQuestion.objects.get()


def ask(case: Case, entry: LogEntry, text: str = "为什么查看？"):
    return as_applicant(case.entity).post(f"{TRAIL}{entry.pk}/", {"text": text})


def fetch_of(case: Case) -> LogEntry:
    """Return an entry about a department that was asked for the company's data."""
    return LogEntry.objects.filter(
        type="exchange.answered", case=case.reference
    ).earliest("pk")


class TestTrail:
    def test_says_who_looked_when_for_what_on_what_basis_in_which_case(
        self, case, look, reviewer
    ):
        shown = page(as_applicant(case.entity).get(TRAIL, {"view": "people"}))

        assert str(reviewer) in shown
        assert "2026-11-23 12:00" in shown
        assert f"{ITEM} {case.item_version.item.name}" in shown
        assert case.item_version.item.name in shown
        assert case.number in shown

    def test_lists_the_departments_that_were_asked(self, case, look):
        browser = as_applicant(case.entity)

        shown = page(browser.get(TRAIL, {"view": "departments"}))

        fetched = LogEntry.objects.filter(type="exchange.answered").count()
        assert shown.count("<tr data-open>") == fetched > 0
        assert "系统自动核验" in shown

    def test_marks_a_look_without_a_case(self, case):
        subject = f"entity:{case.entity.uscc}"
        look_at_log(actor=AUDITOR, now=NOON, at={"by": "entity"}, subject=subject)

        shown = page(as_applicant(case.entity).get(TRAIL, {"view": "people"}))

        assert AUDITOR.name in shown
        assert "没有对应办件" in shown

    def test_shows_what_was_fetched_for_another_companys_case_but_not_which(
        self, case, other_company
    ):
        write(
            Entry(
                type="exchange.answered",
                case=case.reference,
                subject=f"other_entity:{other_company.uscc}",
            )
        )

        shown = page(as_applicant(other_company).get(TRAIL))

        assert shown.count("<tr data-open>") == 1
        assert "其他企业的办件" in shown
        assert case.reference not in shown
        assert case.number not in shown

    def test_another_company_sees_nothing_of_it(self, look, other_company):
        browser = as_applicant(other_company)

        assert "还没有人查看过" in page(browser.get(TRAIL))
        assert browser.get(f"{TRAIL}{look.pk}/").status_code == 404
        assert browser.post(f"{TRAIL}{look.pk}/", {"text": "x"}).status_code == 404

    @pytest.mark.parametrize("username", ["reviewer-scjg", "auditor", "window-1"])
    def test_is_the_companys_own(self, look, username):
        assert as_staff(username).get(TRAIL).status_code == 404

    def test_moves_and_sign_ins_are_no_accesses(self, case):
        moved = LogEntry.objects.filter(type="case.filed").earliest("pk")

        answer = as_applicant(case.entity).get(f"{TRAIL}{moved.pk}/")

        assert answer.status_code == 404

    def test_is_paged_by_entry(self, case):
        subject = f"entity:{case.entity.uscc}"
        for number in range(60):
            look_at_log(actor=AUDITOR, now=NOON, at={"n": number + 1}, subject=subject)
        browser = as_applicant(case.entity)

        first = page(browser.get(TRAIL, {"view": "people"}))

        assert first.count("<tr data-open>") == 50
        oldest = LogEntry.objects.filter(type="log.viewed").order_by("-pk")[49].pk
        assert f"before={oldest}" in first
        rest = page(browser.get(TRAIL, {"view": "people", "before": oldest}))
        assert rest.count("<tr data-open>") == 10

    @pytest.mark.parametrize(
        "query", [{"before": "x"}, {"view": "x"}, {"before": "9" * 30}]
    )
    def test_an_address_that_makes_no_sense_shows_the_newest(self, look, case, query):
        answer = as_applicant(case.entity).get(TRAIL, query)

        assert answer.status_code == 200
        assert "查看证据" in page(answer)

    @pytest.mark.parametrize("number", ["0", "9" * 30, "999999"])
    def test_a_number_of_no_entry_is_not_found(self, case, number):
        browser = as_applicant(case.entity)

        assert browser.get(f"{TRAIL}{number}/").status_code == 404
        assert browser.post(f"{TRAIL}{number}/", {"text": "x"}).status_code == 404
        head = as_staff("head-1")
        answer = head.post(f"/desk/questions/{number}/", {"answer": "x"})
        assert answer.status_code == 404

    def test_speaks_english(self, look, case):
        browser = as_applicant(case.entity)

        shown = page(browser.get(TRAIL, headers=IN_ENGLISH))
        one = page(browser.get(f"{TRAIL}{look.pk}/", headers=IN_ENGLISH))

        assert "Who saw our data" in shown
        assert "Ask about this access" in one

    def test_the_number_of_queries_does_not_grow_with_the_accesses(
        self, case, django_assert_max_num_queries
    ):
        browser = as_applicant(case.entity)
        subject = f"entity:{case.entity.uscc}"
        for number in range(30):
            look_at_log(actor=AUDITOR, now=NOON, at={"n": number + 1}, subject=subject)

        with django_assert_max_num_queries(14):
            browser.get(TRAIL)

    def test_the_company_space_leads_there(self, case):
        assert f'href="{TRAIL}"' in page(as_applicant(case.entity).get("/my/"))


class TestAsking:
    def test_the_office_gets_the_question_with_five_working_days(self, case):
        entry = fetch_of(case)

        answer = ask(case, entry, "为何核验？")

        assert answer.headers["Location"] == f"{TRAIL}{entry.pk}/"
        question = AccessQuestion.objects.get()
        assert question.office == case.office
        assert question.assignee.username == f"reviewer-{case.office_id}"
        assert question.due_on.isoformat() == "2026-11-30"
        said = LogEntry.objects.get(type="access.asked")
        assert (said.case, said.office) == (case.reference, case.office_id)

    def test_whoever_looked_is_not_the_one_who_answers(self, question, reviewer):
        assert question.assignee != reviewer
        assert question.assignee.username == "head-1"

    def test_a_look_of_nobodys_office_goes_to_the_hall(self, case):
        subject = f"entity:{case.entity.uscc}"
        look_at_log(actor=AUDITOR, now=NOON, at={"by": "entity"}, subject=subject)

        ask(case, LogEntry.objects.get(type="log.viewed"))

        question = AccessQuestion.objects.get()
        assert (question.office, question.assignee.username) == (None, "head-1")

    def test_the_same_is_asked_once_until_it_is_answered(self, case, look, question):
        again = ask(case, look)

        assert again.status_code == 409
        assert again.headers["X-Problem-Code"] == "access_already_asked"
        assert AccessQuestion.objects.count() == 1
        assert LogEntry.objects.filter(type="access.asked").count() == 1

    @pytest.mark.parametrize("text", ["", "   ", "长" * 1001])
    def test_a_question_has_words_and_not_too_many(self, case, look, text):
        answer = ask(case, look, text)

        assert answer.status_code == 422
        assert not AccessQuestion.objects.exists()

    def test_what_was_typed_is_kept_when_it_is_too_long(self, case, look):
        assert "长" * 1001 in page(ask(case, look, "长" * 1001))

    def test_nobody_asks_about_a_look_of_their_own(self, case):
        paper = case.uploads.first()
        as_applicant(case.entity).get(f"/uploads/{paper.pk}/")
        look = LogEntry.objects.get(type="upload.viewed")

        answer = ask(case, look)

        assert answer.headers["X-Problem-Code"] == "access_was_your_own"


class TestAnswering:
    def test_the_answer_reaches_the_company_and_the_log(self, case, look, question):
        head = as_staff("head-1")
        assert "为什么查看？" in page(head.get("/desk/questions/"))

        sent = head.post(f"/desk/questions/{question.pk}/", {"answer": "审批需要。"})

        assert sent.headers["Location"] == "/desk/questions/"
        shown = page(as_applicant(case.entity).get(f"{TRAIL}{look.pk}/"))
        assert "审批需要。" in shown
        said = LogEntry.objects.get(type="access.answered")
        assert said.subject == look.subject
        assert "没有等待答复" in page(head.get("/desk/questions/"))

    def test_the_list_of_questions_is_a_look(self, question):
        as_staff("head-1").get("/desk/questions/")

        seen = entry(LogEntry.objects.get(type="entity.viewed").pk)
        assert seen.details == {"list": "questions"}
        assert (seen.actor_role, seen.subject, seen.case) == ("head_clerk", "", "")

    def test_whoever_looked_is_told_to_let_others_answer(self, question, reviewer):
        browser = as_staff(reviewer.username)

        shown = page(browser.get("/desk/questions/"))
        answer = browser.post(f"/desk/questions/{question.pk}/", {"answer": "x"})

        assert "请由他人答复" in shown
        assert answer.status_code == 403
        question.refresh_from_db()
        assert question.answered_at is None

    def test_another_office_sees_nothing_of_it(self, question):
        browser = as_staff("reviewer-sw")

        assert "没有等待答复" in page(browser.get("/desk/questions/"))
        answer = browser.post(f"/desk/questions/{question.pk}/", {"answer": "x"})
        assert answer.status_code == 404

    def test_an_inspector_answers_no_question(self, question):
        browser = as_staff(f"inspector-{question.office_id}")

        answer = browser.post(f"/desk/questions/{question.pk}/", {"answer": "x"})

        assert answer.status_code == 404

    def test_an_empty_answer_is_none(self, question):
        answer = as_staff("head-1").post(
            f"/desk/questions/{question.pk}/", {"answer": " "}
        )

        assert answer.status_code == 422
        assert not LogEntry.objects.filter(type="access.answered").exists()

    def test_after_the_answer_one_may_ask_again(self, case, look, question):
        form, company = 'name="text"', as_applicant(case.entity)
        assert form not in page(company.get(f"{TRAIL}{look.pk}/"))
        url = f"/desk/questions/{question.pk}/"
        as_staff("head-1").post(url, {"answer": "审批需要。"})
        assert form in page(company.get(f"{TRAIL}{look.pk}/"))

        ask(case, look, "还有疑问")

        assert AccessQuestion.objects.count() == 2
        shown = page(as_applicant(case.entity).get(f"{TRAIL}{look.pk}/"))
        assert shown.index("审批需要。") < shown.index("还有疑问")

    def test_the_inbox_counts_what_waits(self, question):
        assert "企业询问" in page(as_staff("head-1").get("/desk/"))
        assert "企业询问" not in page(as_staff("reviewer-sw").get("/desk/"))

    def test_an_answer_that_is_late_is_seen_by_both_sides(self, case, look, question):
        with time_machine.travel(NOON + timedelta(days=9), tick=False):
            office = page(as_staff("head-1").get("/desk/questions/"))
            company = as_applicant(case.entity)
            shown = page(company.get(f"{TRAIL}{look.pk}/"))
            listed = page(company.get(TRAIL, {"view": "people"}))

        assert "已逾期 2 个工作日" in office
        assert "已逾期 2 个工作日" in shown
        assert "答复逾期" in listed
