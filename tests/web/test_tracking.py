"""A company follows its own case; nobody else does."""

from __future__ import annotations

import pytest

from services.accounts.queries import actor_of
from services.cases.models import Case, Upload
from services.cases.operations.correct import request_correction
from services.departments.models import Profile
from services.exchange.models import AssistRequest, Exchange
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.cases import definition, filed, hold_for, open_task, person_of
from tests.factories.departments import ProfileFactory
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"
BY_DEPARTMENT = "HZ-175"  # accepted by the department, not on the spot


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def owner(company):
    return as_applicant(company)


class TestTrack:
    def test_shows_progress_answers_and_deadline(self, owner, case):
        shown = page(owner.get(f"/cases/{case.number}/"))

        assert 'aria-current="step"' in shown
        assert "已取得" in shown
        assert "承诺" in shown
        assert "免交" in shown

    def test_says_what_is_left_where_a_department_came_to_hold_nothing(
        self, owner, company
    ):
        ProfileFactory(department="scjg", mode=Profile.Mode.DOWN)
        hold_for(company, ITEM)
        case = filed(company, ITEM)
        row = case.requirements.filter(key=False).first() or case.requirements.first()
        row.state, row.ladder = (
            "missing",
            [{"kind": "issuer", "material": "M001", "item": "", "department": "wsjk"}],
        )
        row.save()

        shown = page(owner.get(f"/cases/{case.number}/"))

        assert "市卫生健康委" in shown[shown.index("该证照由下列部门核发") :]

    def test_refreshes_history_and_tasks_with_the_answers(self, owner, case):
        shown = page(owner.get(f"/cases/{case.number}/live/?state={case.state}"))

        assert shown.count('hx-swap-oob="true"') >= 2
        assert 'id="history"' in shown
        assert "data-reload" not in shown

    def test_speaks_english(self, owner, case):
        shown = page(
            owner.get(f"/cases/{case.number}/", headers={"accept-language": "en"})
        )

        assert "In review" in shown
        assert "Obtained" in shown
        assert "What you did not submit" in shown

    def test_says_what_happens_next_while_a_department_is_down(self, owner, company):
        ProfileFactory(department="scjg", mode=Profile.Mode.DOWN)
        hold_for(company, ITEM)
        case = filed(company, ITEM)

        shown = page(owner.get(f"/cases/{case.number}/"))

        assert "暂未答复" in shown
        assert "无需您提供" in shown
        assert 'type="file"' not in shown

    def test_blames_the_hub_and_not_the_department_where_the_hub_is_down(
        self, owner, company
    ):
        ProfileFactory(department="hub", mode=Profile.Mode.DOWN)
        hold_for(company, ITEM)
        case = filed(company, ITEM)

        shown = page(owner.get(f"/cases/{case.number}/"))

        assert "公共数据平台暂未答复" in shown
        assert "系统未受影响" in shown
        assert "市市场监管局暂未答复" not in shown

    @pytest.mark.parametrize("tail", ["", "live/"])
    def test_is_not_found_by_another_company(self, case, other_company, tail):
        browser = as_applicant(other_company)

        assert browser.get(f"/cases/{case.number}/{tail}").status_code == 404

    def test_is_not_found_by_staff_who_go_by_the_desk(self, case):
        person = open_task(case, "decide").assignee
        browser = as_staff(person.username)

        assert browser.get(f"/cases/{case.number}/").status_code == 404

    def test_the_live_part_reloads_the_page_when_the_state_changed(self, owner, case):
        url = f"/cases/{case.number}/live/"

        assert "data-reload" in page(owner.get(url, {"state": "received"}))
        assert "data-reload" not in page(owner.get(url, {"state": "in_review"}))

    def test_a_live_refresh_is_no_look(self, owner, case):
        before = LogEntry.objects.count()

        owner.get(f"/cases/{case.number}/live/")

        assert LogEntry.objects.count() == before

    def test_asks_the_database_little(self, owner, case, django_assert_max_num_queries):
        owner.get(f"/cases/{case.number}/")
        with django_assert_max_num_queries(20):
            owner.get(f"/cases/{case.number}/")


class TestAct:
    def test_the_owner_withdraws(self, owner, case):
        owner.post(f"/cases/{case.number}/withdraw/")

        case.refresh_from_db()
        assert case.state == Case.State.WITHDRAWN

    def test_nobody_withdraws_anothers_case(self, case, other_company):
        answer = as_applicant(other_company).post(f"/cases/{case.number}/withdraw/")

        assert answer.status_code == 404
        case.refresh_from_db()
        assert case.state == Case.State.IN_REVIEW

    def test_a_second_withdrawal_is_told_and_changes_nothing(self, owner, case):
        owner.post(f"/cases/{case.number}/withdraw/")

        answer = owner.post(f"/cases/{case.number}/withdraw/")

        assert answer.status_code == 409
        assert answer.headers["X-Problem-Code"] == "transition_refused"

    def test_there_is_no_other_act(self, owner, case):
        assert owner.post(f"/cases/{case.number}/approve/").status_code == 404

    def test_a_missing_record_is_disputed_by_number_and_issuer(self, owner, company):
        material = _verified(ITEM)
        hold_for(company, ITEM, without=[material])
        case = filed(company, ITEM)
        shown = page(owner.get(f"/cases/{case.number}/"))
        assert f'name="material" value="{material}"' in shown
        subject = Exchange.objects.get(material=material).subject
        assert f'name="subject" value="{subject}"' in shown

        blank = owner.post(f"/cases/{case.number}/dispute/", {"material": material})
        answer = owner.post(
            f"/cases/{case.number}/dispute/",
            {
                "material": material,
                "subject": subject,
                "stated_number": "A-1",
                "stated_issuer": "某局",
            },
        )

        assert blank.status_code == 422
        assert answer.status_code == 302
        assert AssistRequest.objects.get().stated_number == "A-1"


def _verified(item: str) -> str:
    """Return a material that a department is asked for, other than the licence."""
    known = definition(item)
    return next(
        code
        for code in known.materials
        if known.links[code].how == "exchange" and code != known.licence_material
    )


class TestCorrection:
    @pytest.fixture
    def returned(self, company):
        hold_for(company, BY_DEPARTMENT)
        case = filed(company, BY_DEPARTMENT)
        clerk = person_of(open_task(case, "accept"))
        request_correction(
            case=case,
            problems=[{"pointer": "/fields/agent_phone", "text": "经办人手机停机"}],
            actor=clerk,
            now=NOON,
        )
        return case

    def test_is_shown_with_its_last_day(self, owner, returned):
        shown = page(owner.get(f"/cases/{returned.number}/"))

        assert "经办人手机停机" in shown
        assert "前补正（一次性告知）" in shown

    def test_keeps_the_boxes_that_were_ticked_when_filing(self, owner, returned):
        link = next(iter(definition(BY_DEPARTMENT).links))
        returned.commitments.create(
            material_code=link, kind="proof", text="-", signed_by="-", signed_at=NOON
        )

        answer = owner.get(f"/cases/{returned.number}/correction/")

        assert answer.context["committed"] == [link]

    def test_is_answered_with_the_same_form(self, owner, returned):
        url = f"/cases/{returned.number}/correction/"
        assert "经办人手机停机" in page(owner.get(url))

        owner.post(url, {"f-agent_phone": "13900000000"})

        returned.refresh_from_db()
        assert returned.state == Case.State.RECEIVED
        assert returned.stated_fields["agent_phone"] == "13900000000"

    def test_what_is_still_wrong_is_told_and_kept(self, owner, returned):
        answer = owner.post(
            f"/cases/{returned.number}/correction/", {"f-agent_phone": "unreadable"}
        )

        assert answer.status_code == 422
        returned.refresh_from_db()
        assert returned.state == Case.State.CORRECTION

    def test_leads_to_the_case_where_there_is_none(self, owner, case):
        answer = owner.get(f"/cases/{case.number}/correction/")

        assert answer.headers["Location"] == f"/cases/{case.number}/"


class TestUpload:
    @pytest.fixture
    def paper(self, company):
        hold_for(company, "HZ-004")
        filed(company, "HZ-004")
        return Upload.objects.first()

    def test_comes_as_an_attachment_and_the_look_is_logged(self, owner, paper):
        answer = owner.get(f"/uploads/{paper.pk}/")

        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.content.startswith(b"%PDF")
        assert LogEntry.objects.filter(type="upload.viewed").count() == 1

    def test_is_not_found_by_another_company_or_office(self, paper, other_company):
        for browser in (as_applicant(other_company), as_staff("reviewer-sw")):
            assert browser.get(f"/uploads/{paper.pk}/").status_code == 404

        assert not LogEntry.objects.filter(type="upload.viewed").exists()

    def test_is_seen_by_the_office_of_the_case(self, paper):
        task = paper.case.tasks.exclude(assignee=None).first()
        browser = as_staff(task.assignee.username)

        assert browser.get(f"/uploads/{paper.pk}/").status_code == 200


class TestMy:
    def test_lists_own_cases_and_no_other(self, owner, case, other_company):
        assert case.number in page(owner.get("/my/"))
        assert case.number not in page(as_applicant(other_company).get("/my/"))

    def test_asks_the_database_little_however_many_cases(
        self, owner, case, company, django_assert_max_num_queries
    ):
        owner.get("/my/")
        with django_assert_max_num_queries(9):
            owner.get("/my/")

    def test_an_empty_space_says_what_to_do(self, other_company):
        shown = page(as_applicant(other_company).get("/my/"))

        assert "还没有办件" in shown
        actor = actor_of(
            other_company.mandate_set.get().user,
            role="applicant",
            entity=other_company.uscc,
        )
        assert actor.entity == other_company.uscc
