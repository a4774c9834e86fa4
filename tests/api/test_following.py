"""A case's detail, timeline, deadline and exchanges: for those who may see it."""

from __future__ import annotations

import pytest

from services.ledger.models import LogEntry
from tests.api.conftest import anonymous, as_applicant, as_staff, problem
from tests.factories.cases import filed, hold_for

FOOD = "HZ-004"
PATHS = (
    "cases/{}",
    "cases/{}/timeline",
    "cases/{}/deadline",
    "exchanges?case={}",
)


@pytest.fixture
def case(company):
    """Have a case that waits for its reviewer."""
    hold_for(company, FOOD)
    return filed(company, FOOD)


@pytest.mark.parametrize("path", PATHS)
class TestScope:
    def test_shows_it_to_its_company(self, company, case, path):
        answer = as_applicant(company).get(f"/api/v1/{path.format(case.number)}")

        assert answer.status_code == 200, answer.content
        assert not LogEntry.objects.filter(type="evidence.viewed").exists()

    def test_shows_it_to_its_office_on_record(self, case, path):
        reviewer = as_staff(f"reviewer-{case.office_id}")

        answer = reviewer.get(f"/api/v1/{path.format(case.number)}")

        assert answer.status_code == 200
        assert LogEntry.objects.filter(type="evidence.viewed").count() == 1

    @pytest.mark.parametrize("who", ["other", "reviewer-wsjk", "operator", "auditor"])
    def test_shows_it_to_nobody_else(self, case, other_company, path, who):
        client = as_applicant(other_company) if who == "other" else as_staff(who)
        there = client.get(f"/api/v1/{path.format(case.number)}")
        not_there = client.get(f"/api/v1/{path.format('330100-20261123-999999')}")

        assert (
            problem(there, 404, "case_unknown")["errors"]
            == (problem(not_there, 404, "case_unknown")["errors"])
        )

    def test_asks_for_a_token(self, case, path):
        answer = anonymous().get(f"/api/v1/{path.format(case.number)}")

        problem(answer, 401, "not_signed_in")


class TestCaseDetail:
    def test_tells_what_was_obtained_asked_and_saved(self, company, case):
        told = as_applicant(company).get(f"/api/v1/cases/{case.number}").json()

        assert told["state"] == case.state
        assert told["item"] == FOOD
        assert {r["state"] for r in told["requirements"]} >= {"satisfied"}
        assert "government_issued" not in {
            a["kind"] for a in told["asked_of_applicant"]
        }
        assert told["saved"]["documents"] > 0


class TestTimeline:
    def test_names_events_in_the_language_asked_for(self, company, case):
        client, path = as_applicant(company), f"/api/v1/cases/{case.number}/timeline"

        chinese = client.get(path).json()["results"]
        english = client.get(path, headers={"accept-language": "en"}).json()["results"]

        assert chinese[0]["type"] == "draft.authorised"
        assert chinese[0]["name"] == "企业授权查询"
        assert english[0]["name"] != chinese[0]["name"]
        assert [e["at"] for e in chinese] == sorted(e["at"] for e in chinese)
        assert {e["actor"] for e in chinese} >= {company.legal_representative}


class TestDeadline:
    def test_explains_every_day(self, company, case):
        told = as_applicant(company).get(f"/api/v1/cases/{case.number}/deadline").json()

        assert told["promised_on"] == told["days"][-1]["day"]
        assert told["days"][-1]["counted"] == told["promised_days"]
        assert told["days_left"] == told["promised_days"]


class TestExchanges:
    def test_tells_each_outcome_in_words(self, company, case):
        client = as_applicant(company)

        told = client.get(f"/api/v1/exchanges?case={case.number}").json()["results"]

        assert {e["outcome"] for e in told} == {"FOUND"}
        assert all(e["sentence"].startswith("已取得") for e in told)

    def test_asks_whose(self, company):
        problem(as_applicant(company).get("/api/v1/exchanges"), 422, "invalid_input")


class TestList:
    def test_holds_ones_own_cases_newest_first(self, company, other_company, case):
        second = filed(company, "HZ-001")
        filed(other_company, FOOD)

        told = as_applicant(company).get("/api/v1/cases").json()

        assert [c["number"] for c in told["results"]] == [second.number, case.number]
        assert as_staff("operator").get("/api/v1/cases").json()["results"] == []

    def test_is_paged_by_cursor(self, company, case):
        second = filed(company, "HZ-001")
        client = as_applicant(company)
        first_page = client.get("/api/v1/cases?limit=1").json()
        third = filed(company, "HZ-002")

        second_page = client.get(first_page["next"]).json()

        assert [c["number"] for c in first_page["results"]] == [second.number]
        assert [c["number"] for c in second_page["results"]] == [case.number]
        assert third.number not in str(second_page)
        assert second_page["next"] is None

    def test_knows_no_cursor_of_others(self, company):
        answer = as_applicant(company).get("/api/v1/cases?cursor=x")

        problem(answer, 404, "not_found")
