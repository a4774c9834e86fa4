"""Filing through the API, and seeing one's own cases and nobody else's."""

from __future__ import annotations

from services.cases.models import Case
from services.ledger.models import LogEntry
from services.ledger.queries import LogLine, lines_of
from tests.api.conftest import anonymous, as_applicant, as_staff, problem, send
from tests.factories.cases import hold_for

FOOD = "HZ-004"
DEMO = {"item": FOOD, "fill": "demo", "answers": {"commitment": ["yes"]}}


def file(client, body=DEMO, **headers):
    return send(client, "cases", body, **headers)


class TestFiling:
    def test_gives_a_number_and_the_way_to_the_case(self, company):
        hold_for(company, FOOD)

        answer = file(as_applicant(company))

        assert answer.status_code == 201, answer.content
        told = answer.json()
        assert told["number"] == "330100-20261123-000001"
        assert told["state"] in {"received", "accepted", "in_review"}
        assert answer["Location"] == f"/api/v1/cases/{told['number']}"

    def test_lists_every_problem_with_a_pointer_and_leaves_no_draft(self, company):
        body = {
            **DEMO,
            "answers": {"premises": ["castle"], "x": ["y"]},
            "fields": {"seats": "many"},
        }

        told = problem(file(as_applicant(company), body), 422, "invalid_input")

        assert {e["pointer"] for e in told["errors"]} >= {
            "/answers/premises",
            "/answers/x",
            "/fields/seats",
        }
        assert not Case.objects.exists()

    def test_names_the_nearest_items(self, company):
        answer = file(as_applicant(company), {"item": "食品经营", "fill": "demo"})

        told = problem(answer, 422, "invalid_input")
        (error,) = told["errors"]
        assert (error["code"], error["pointer"]) == ("item_unknown", "/item")
        assert "HZ-004" in error["detail"]

    def test_asks_without_demo_values_for_what_is_missing(self, company):
        answer = file(as_applicant(company), {"item": FOOD})

        told = problem(answer, 422, "invalid_input")
        assert "field_missing" in {e["code"] for e in told["errors"]}

    def test_tells_why_an_answer_ends_the_application(self, company):
        body = {**DEMO, "answers": {"small": ["yes"]}}

        told = problem(file(as_applicant(company), body), 422, "filing_stopped")

        assert told["errors"][1]["pointer"] == "/answers/small"
        assert told["errors"][1]["code"] == "refer_item"
        assert not Case.objects.exists()
        assert file(as_applicant(company), {**body, "insist": True}).status_code == 201

    def test_is_for_applicants(self, company):
        problem(file(anonymous()), 401, "not_signed_in")
        problem(file(as_staff("reviewer-scjg")), 403, "role_may_not")


class TestCase:
    def test_is_found_by_its_company_and_nobody_else(self, company, other_company):
        number = file(as_applicant(company)).json()["number"]
        path = f"/api/v1/cases/{number}"

        assert as_applicant(company).get(path).json()["number"] == number
        problem(as_applicant(other_company).get(path), 404, "case_unknown")
        problem(as_staff("operator").get(path), 404, "case_unknown")
        problem(anonymous().get(path), 401, "not_signed_in")


class TestList:
    def looks(self) -> list[LogLine]:
        return lines_of(LogEntry.objects.filter(type="entity.viewed"))

    def test_is_a_look_where_a_clerk_asks(self, company):
        number = file(as_applicant(company)).json()["number"]
        clerk = as_staff("window-1")

        listed = clerk.get("/api/v1/cases?limit=5").json()

        assert [case["number"] for case in listed["results"]] == [number]
        (look,) = self.looks()
        assert look.details == {"list": "cases", "limit": "5"}
        assert (look.actor_role, look.subject) == ("window_clerk", "")

    def test_is_none_where_one_sees_ones_own_or_nothing(self, company):
        for client in (as_applicant(company), as_staff("auditor")):
            assert client.get("/api/v1/cases").status_code == 200
        problem(as_staff("window-1").get("/api/v1/cases?cursor=x"), 404, "not_found")

        assert self.looks() == []
