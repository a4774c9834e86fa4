"""What a company does to its own case."""

from __future__ import annotations

import pytest

from tests.api.conftest import anonymous, as_applicant, as_staff, problem, send
from tests.factories.cases import again, filed, hold_for

FOOD = "HZ-004"


@pytest.fixture
def case(company):
    """Have a case with one licence that no register shows."""
    hold_for(company, FOOD, without={"M001"})
    return filed(company, FOOD)


def act(client, case, action, body=None, **headers):
    return send(client, f"cases/{case.number}/actions/{action}", body or {}, **headers)


class TestWithdraw:
    def test_ends_the_case(self, company, case):
        answer = act(as_applicant(company), case, "withdraw")

        assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
        assert again(case).state == "withdrawn"

    def test_twice_is_told_so_unless_it_is_the_same_request(self, company, case):
        client = as_applicant(company)
        key = {"idempotency-key": "w"}
        first = act(client, case, "withdraw", **key)

        same = act(client, case, "withdraw", **key)
        other = act(client, case, "withdraw")

        assert same.content == first.content
        problem(other, 409, "transition_refused")

    def test_is_for_its_company_only(self, other_company, case):
        problem(act(as_applicant(other_company), case, "withdraw"), 404, "case_unknown")
        problem(act(as_staff("operator"), case, "withdraw"), 403, "role_may_not")
        problem(act(anonymous(), case, "withdraw"), 401, "not_signed_in")
        assert again(case).state != "withdrawn"


class TestDispute:
    def test_takes_number_and_issuer(self, company, case):
        missing = "M001"
        body = {"material": missing, "number": "91330102", "issuer": "杭州市市监局"}

        answer = act(as_applicant(company), case, "dispute", body)

        assert answer.status_code == 200, answer.content

    def test_says_which_member_is_missing(self, company, case):
        answer = act(as_applicant(company), case, "dispute", {"material": "M001"})

        told = problem(answer, 422, "invalid_input")
        assert {e["pointer"] for e in told["errors"]} == {"/number", "/issuer"}


def test_an_act_that_nobody_knows_is_not_found(company, case):
    problem(act(as_applicant(company), case, "eat"), 404, "not_found")


def test_a_fee_that_is_not_due_is_not_taken(company, case):
    problem(act(as_applicant(company), case, "pay"), 409, "transition_refused")
