"""Signing in: by licence with a code, and with one click in the demo."""

from __future__ import annotations

import pytest

from tests.web.conftest import as_applicant, as_staff, page


def start(client, licence, **more):
    return client.post("/sign-in/", {"licence": licence, **more})


class TestByLicence:
    def test_a_code_to_the_registered_phone_opens_the_companys_space(
        self, client, company
    ):
        start(client, company.uscc)
        code = client.session["sign_in"]["shown"]

        answer = client.post("/sign-in/code/", {"code": code})

        assert answer.headers["Location"] == "/my/"
        assert company.legal_name in page(client.get("/my/"))

    def test_leads_back_to_where_one_came_from(self, client, company):
        start(client, company.uscc, next="/apply/HZ-004/")
        code = client.session["sign_in"]["shown"]

        answer = client.post("/sign-in/code/", {"code": code})

        assert answer.headers["Location"] == "/apply/HZ-004/"

    def test_never_leads_to_another_site(self, client, company):
        start(client, company.uscc, next="https://example.org/")
        code = client.session["sign_in"]["shown"]

        answer = client.post("/sign-in/code/", {"code": code})

        assert answer.headers["Location"] == "/my/"

    def test_a_wrong_code_opens_nothing(self, client, company):
        start(client, company.uscc)

        answer = client.post("/sign-in/code/", {"code": "nope"})

        assert answer.status_code == 422
        assert answer.headers["X-Problem-Code"] == "sign_in_code_wrong"
        assert "还可以再试 4 次" in page(answer)
        assert client.get("/my/").status_code == 302

    def test_shows_the_code_in_the_demo_only(self, client, company, settings):
        settings.DEMO = False

        start(client, company.uscc)

        assert client.session["sign_in"]["shown"] == ""
        assert "演示环境" not in page(client.get("/sign-in/code/"))

    @pytest.mark.usefixtures("company")
    def test_says_in_the_form_what_is_wrong_and_keeps_what_was_typed(self, client):
        answer = start(client, "91330102FAKE000130")

        assert answer.status_code == 422
        assert answer.headers["X-Problem-Code"] == "wrong_check_digit"
        assert "91330102FAKE000130" in page(answer)

    @pytest.mark.usefixtures("company")
    def test_gives_machines_a_problem_document(self, client):
        answer = client.post(
            "/sign-in/",
            {"licence": "91330102FAKE000130"},
            headers={"accept": "application/json"},
        )

        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "wrong_check_digit"

    def test_a_company_that_moved_away_is_told_so(self, client, company):
        company.status = company.Status.MOVED_AWAY
        company.save()

        answer = start(client, company.uscc)

        assert answer.headers["X-Problem-Code"] == "entity_moved_away"
        assert "已迁出本市" in page(answer)


@pytest.mark.usefixtures("staffed")
class TestDemoSeat:
    @pytest.mark.parametrize(
        ("username", "home"),
        [
            ("reviewer-scjg", "/desk/"),
            ("auditor", "/audit/"),
            ("operator", "/ops/"),
            ("planner", "/"),
        ],
    )
    def test_one_click_takes_the_seat(self, client, username, home):
        answer = client.post("/sign-in/demo/", {"username": username})

        assert answer.headers["Location"] == home
        assert client.get(home).status_code == 200

    def test_says_so_where_a_role_has_no_desk_yet(self, client):
        answer = client.post("/sign-in/demo/", {"username": "planner"}, follow=True)

        assert "还没有建成" in page(answer)

    def test_does_not_exist_outside_a_demo(self, client, settings):
        settings.DEMO = False

        answer = client.post("/sign-in/demo/", {"username": "auditor"})

        assert answer.status_code == 404
        assert client.get("/audit/").status_code == 302

    def test_never_takes_a_companys_seat(self, client, company):
        as_applicant(company)

        answer = client.post("/sign-in/demo/", {"username": f"app-{company.uscc}"})

        assert answer.status_code == 404


class TestSeats:
    def test_a_seat_is_lost_with_the_mandate(self, company):
        browser = as_applicant(company)
        assert browser.get("/my/").status_code == 200

        company.mandate_set.all().delete()

        assert browser.get("/my/").status_code == 302

    def test_signing_out_leaves_nothing_behind(self, company):
        browser = as_applicant(company)

        browser.post("/sign-out/")

        assert browser.get("/my/").status_code == 302

    @pytest.mark.usefixtures("staffed")
    def test_a_live_part_takes_its_whole_page_to_sign_in(self, client):
        around = "http://testserver/ops/work/?task=cases.advance"

        answer = client.get("/ops/work/", headers={"HX-Current-URL": around})

        way = answer.headers["HX-Redirect"]
        assert way.startswith("/sign-in/?next=http")
        back = client.post(
            f"/sign-in/demo/?{way.partition('?')[2]}", {"username": "operator"}
        )
        assert back.headers["Location"] == around

    @pytest.mark.parametrize(
        ("username", "path"),
        [
            ("reviewer-scjg", "/my/"),
            ("reviewer-scjg", "/audit/"),
            ("auditor", "/desk/"),
            ("operator", "/desk/"),
            ("planner", "/audit/"),
            ("planner", "/ops/"),
            ("auditor", "/ops/work/"),
        ],
    )
    @pytest.mark.usefixtures("staffed")
    def test_other_roles_pages_do_not_exist(self, username, path):
        assert as_staff(username).get(path).status_code == 404

    @pytest.mark.parametrize(
        "path", ["/my/", "/desk/", "/audit/", "/ops/", "/apply/HZ-004/"]
    )
    def test_a_stranger_is_sent_to_sign_in(self, client, path, db):
        assert client.get(path).headers["Location"].startswith("/sign-in/?next=")
