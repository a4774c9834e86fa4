"""Signing in by licence number, and what a token is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from services.accounts.models import Mandate
from services.accounts.queries import Standing
from services.api.tokens import issue_token
from tests.api.conftest import anonymous, as_applicant, problem, send
from tests.clock import NOON

pytestmark = pytest.mark.usefixtures("staffed")


def sign_in(licence: str):
    started = send(anonymous(), "sign-ins", {"licence": licence})
    assert started.status_code == 201
    return started


class TestSignIn:
    def test_gives_a_token_for_the_code(self, company):
        started = sign_in(company.uscc).json()

        done = send(
            anonymous(), f"sign-ins/{started['handle']}", {"code": started["code"]}
        )

        assert done.status_code == 200
        client = anonymous()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {done.json()['token']}")
        assert client.get("/api/v1/cases").status_code == 200

    def test_shows_the_code_in_the_demo_only(self, company, settings):
        settings.DEMO = False

        assert set(sign_in(company.uscc).json()) == {"handle", "expires_at"}

    def test_tells_how_many_tries_are_left(self, company):
        handle = sign_in(company.uscc).json()["handle"]

        wrong = send(anonymous(), f"sign-ins/{handle}", {"code": "no"})

        assert "4" in problem(wrong, 422, "sign_in_code_wrong")["title"]

    def test_names_what_is_wrong_with_a_licence_number(self):
        answer = send(anonymous(), "sign-ins", {"licence": "91350100M000100Y4Z"})

        problem(answer, 422, "forbidden_letter")

    def test_tells_in_the_language_asked_for(self):
        answer = anonymous().post(
            "/api/v1/sign-ins",
            {"licence": "9133"},
            format="json",
            headers={"accept-language": "en"},
        )

        assert "18 characters" in problem(answer, 422, "wrong_length")["title"]

    def test_gives_staff_a_token_in_the_demo_only(self, settings):
        assert send(anonymous(), "sign-ins/demo", {"username": "operator"}).json()[
            "token"
        ]

        settings.DEMO = False

        answer = send(anonymous(), "sign-ins/demo", {"username": "operator"})
        problem(answer, 404, "not_found")

    def test_knows_no_staff_of_another_name(self):
        answer = send(anonymous(), "sign-ins/demo", {"username": "nobody"})

        problem(answer, 404, "not_found")


class TestToken:
    def test_is_needed(self, company):
        answer = anonymous().get("/api/v1/cases")

        problem(answer, 401, "not_signed_in")
        assert answer["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00"])
    def test_is_not_guessed(self, token):
        client = anonymous()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

        problem(client.get("/api/v1/cases"), 401, "token_invalid")

    def test_ends_after_eight_hours(self, company):
        client = as_applicant(company)

        with time_machine.travel(NOON + timedelta(hours=7, minutes=59), tick=False):
            assert client.get("/api/v1/cases").status_code == 200
        with time_machine.travel(NOON + timedelta(hours=8, seconds=1), tick=False):
            problem(client.get("/api/v1/cases"), 401, "token_invalid")

    def test_ends_with_the_mandate(self, company):
        client = as_applicant(company)

        Mandate.objects.all().delete()

        problem(client.get("/api/v1/cases"), 401, "token_invalid")

    def test_ends_with_the_account(self, company):
        client = as_applicant(company)
        user = Mandate.objects.get().user
        user.is_active = False
        user.save()

        problem(client.get("/api/v1/cases"), 401, "token_invalid")

    def test_gives_no_role_that_the_person_does_not_hold(self, company):
        as_applicant(company)
        user = Mandate.objects.get().user
        token = issue_token(user, Standing("operator"), now=NOON).token
        client = anonymous()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

        problem(client.get("/api/v1/cases"), 401, "token_invalid")
