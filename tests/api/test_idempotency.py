"""The same request twice: one case, one answer, whatever happened in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from services.api.models import IdempotencyKey
from services.api.operations import claim as claiming
from services.api.operations.claim import forget_keys
from services.cases.models import Case, CaseNumber
from services.cases.operations import submit
from tests.api.conftest import as_applicant, problem, send
from tests.clock import NOON
from tests.factories.cases import hold_for

FOOD = "HZ-004"
BODY = {"item": FOOD, "fill": "demo", "answers": {"commitment": ["yes"]}}
KEY = {"idempotency-key": "k-1"}


class Killed(BaseException):
    """The process is gone: nothing after it runs, no `except Exception` sees it."""


def file(client, body=BODY, **headers):
    return send(client, "cases", body, **(headers or KEY))


def filed_cases() -> int:
    return Case.objects.exclude(state="draft").count()


class TestSameKey:
    def test_replays_the_first_answer_byte_for_byte(self, company):
        hold_for(company, FOOD)
        client = as_applicant(company)
        first = file(client)
        Case.objects.update(state="withdrawn")

        again = file(client)

        assert (again.status_code, again.content) == (201, first.content)
        assert again["Idempotent-Replayed"] == "true"
        assert again["Location"] == first["Location"]
        assert again["Content-Type"] == first["Content-Type"]
        assert "Idempotent-Replayed" not in first
        assert filed_cases() == 1

    def test_may_be_quoted(self, company):
        client = as_applicant(company)
        first = file(client)

        again = file(client, **{"idempotency-key": '"k-1"'})

        assert again.content == first.content

    def test_with_another_body_is_refused(self, company):
        client = as_applicant(company)
        file(client)

        answer = file(client, {**BODY, "insist": True})

        problem(answer, 422, "idempotency_key_reused")
        assert filed_cases() == 1

    def test_of_another_person_is_another_key(self, company, other_company):
        first = file(as_applicant(company)).json()

        second = file(as_applicant(other_company)).json()

        assert second["number"] != first["number"]

    def test_replays_a_refusal_that_lies_in_the_request(self, company):
        client = as_applicant(company)
        first = file(client, {"item": FOOD})

        again = file(client, {"item": FOOD})

        problem(first, 422, "invalid_input")
        assert again.content == first.content
        assert again["Idempotent-Replayed"] == "true"

    @pytest.mark.parametrize("key", ["", '""', "ключ", "a b", "x" * 201])
    def test_has_to_be_plain(self, company, key):
        answer = file(as_applicant(company), **{"idempotency-key": key})

        problem(answer, 400, "idempotency_key_invalid")

    def test_is_forgotten_after_a_day(self, company):
        client = as_applicant(company)
        first = file(client).json()
        Case.objects.update(state="withdrawn", ended_at=NOON)

        assert forget_keys(now=NOON + timedelta(hours=24)) == 0
        assert forget_keys(now=NOON + timedelta(hours=24, seconds=1)) == 1

        again = file(client)
        assert "Idempotent-Replayed" not in again
        assert again.json()["number"] == first["number"]


class TestTwinInFlight:
    def test_is_told_to_wait(self, company):
        client = as_applicant(company)
        file(client)
        IdempotencyKey.objects.update(status=None)

        answer = file(client)

        problem(answer, 409, "request_in_flight")
        assert answer["Retry-After"] == "10"

    @pytest.mark.parametrize("clock", [timedelta(seconds=10), timedelta(hours=-1)])
    def test_takes_over_what_was_abandoned(self, company, clock):
        client = as_applicant(company)
        first = file(client).json()
        IdempotencyKey.objects.update(status=None)

        with time_machine.travel(NOON + clock, tick=False):
            answer = file(client)

        assert answer.status_code == 201
        assert answer.json()["number"] == first["number"]
        assert filed_cases() == 1

    def test_keeps_no_answer_once_another_took_over(self, company):
        request = claiming.Repeatable("a", "k", "d")
        first = claiming.claim(request, now=NOON)
        second = claiming.claim(request, now=NOON + claiming.LOCK)

        claiming.keep_answer(first, claiming.Answer(201, {}, b"first"))
        claiming.give_back(first)
        with pytest.raises(claiming.TwinInFlight):
            claiming.claim(request, now=NOON + claiming.LOCK)
        claiming.keep_answer(second, claiming.Answer(201, {}, b"second"))

        known = claiming.claim(request, now=NOON)
        assert known == claiming.Answer(201, {}, b"second")


class TestFailure:
    def test_of_our_own_is_not_kept(self, company, monkeypatch):
        client = as_applicant(company)
        with monkeypatch.context() as broken:
            broken.setattr("services.api.cases.submit_case", lambda **_: 1 / 0)
            assert file(client).status_code == 500

        assert file(client).status_code == 201

    @pytest.mark.parametrize(
        "step", ["open_draft", "demo_values", "bring_demo_papers", "file_case"]
    )
    @pytest.mark.parametrize("after", [False, True])
    def test_between_two_steps_costs_nothing(self, company, monkeypatch, step, after):
        hold_for(company, FOOD)
        client = as_applicant(company)
        real = getattr(submit, step)

        def killed(*args, **kwargs):
            if after:
                real(*args, **kwargs)
            raise Killed

        with monkeypatch.context() as dying:
            dying.setattr(submit, step, killed)
            dying.setattr("services.api.idempotency.give_back", lambda _held: None)
            with pytest.raises(Killed):
                file(client)

        problem(file(client), 409, "request_in_flight")
        with time_machine.travel(NOON + claiming.LOCK, tick=False):
            answer = file(client)

        assert answer.status_code == 201
        assert Case.objects.get().number == answer.json()["number"]
        assert CaseNumber.objects.filter(used_at__isnull=False).count() == 1

    def test_after_filing_gives_the_case_that_was_filed_though_data_changed(
        self, company, monkeypatch
    ):
        client = as_applicant(company)
        with monkeypatch.context() as dying:
            dying.setattr("services.api.idempotency.keep_answer", _die)
            dying.setattr("services.api.idempotency.give_back", lambda _held: None)
            with pytest.raises(Killed):
                file(client)
        company.phone = "13900000000"
        company.save()

        with time_machine.travel(NOON + claiming.LOCK, tick=False):
            answer = file(client)

        assert Case.objects.get().number == answer.json()["number"]


class TestWithoutAKey:
    def test_the_same_is_the_same_case_while_it_is_open(self, company):
        client = as_applicant(company)
        first = send(client, "cases", BODY).json()

        assert send(client, "cases", BODY).json()["number"] == first["number"]
        Case.objects.update(state="withdrawn", ended_at=NOON)
        assert send(client, "cases", BODY).json()["number"] != first["number"]
        assert filed_cases() == 2

    def test_the_same_under_another_key_is_the_same_case_too(self, company):
        client = as_applicant(company)
        first = file(client).json()

        second = file(client, **{"idempotency-key": "k-2"}).json()

        assert second["number"] == first["number"]
        assert Case.objects.count() == 1


def _die(*_args):
    raise Killed
