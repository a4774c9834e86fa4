"""How departments are doing, and the operator's switches."""

from __future__ import annotations

import pytest

from services.departments.models import Profile
from services.ledger.models import LogEntry
from services.ledger.queries import entry
from tests.api.conftest import anonymous, as_applicant, as_staff, problem, send
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.usefixtures("staffed")


class TestDepartments:
    def test_show_what_waits(self):
        ExchangeFactory(department="scjg")

        told = anonymous().get("/api/v1/departments").json()["results"]

        waiting = {d["code"]: d["line"]["waiting"] for d in told}
        assert waiting["scjg"] == 1
        assert {d["line"]["state"] for d in told} == {"closed"}


class TestFault:
    @pytest.mark.parametrize("code", ["scjg", "hub"])
    def test_is_switched_and_logged(self, code):
        body = {"fault": "down", "latency_ms": 5, "seed": 7}

        answer = send(as_staff("operator"), f"departments/{code}/fault", body)

        assert answer.status_code == 200, answer.content
        profile = Profile.objects.get(department=code)
        assert (profile.mode, profile.latency_ms, profile.seed) == ("down", 5, 7)
        assert LogEntry.objects.filter(type="department.switched").count() == 1

    def test_says_how_slow_the_slowest_is_and_when_it_answers_later(self):
        body = {"fault": "slow", "p99_ms": 20_000, "defer_seconds": 120}

        told = send(as_staff("operator"), "departments/scjg/fault", body).json()

        assert (told["p99_ms"], told["defer_seconds"]) == (20_000, 120)
        profile = Profile.objects.get(department="scjg")
        assert (profile.p99_ms, profile.defer_seconds) == (20_000, 120)
        line = entry(LogEntry.objects.get(type="department.switched").pk)
        assert line.details == {"mode": "slow", "p99_ms": 20_000, "defer_seconds": 120}

    def test_is_not_switched_by_numbers_out_of_bounds(self):
        body = {"fault": "slow", "p99_ms": 600_001, "defer_seconds": 0}

        answer = send(as_staff("operator"), "departments/scjg/fault", body)

        told = problem(answer, 422, "invalid_input")
        assert {e["pointer"] for e in told["errors"]} == {"/p99_ms", "/defer_seconds"}
        assert not Profile.objects.filter(mode="slow").exists()

    def test_is_for_operators(self, company):
        path, body = "departments/scjg/fault", {"fault": "down"}

        problem(send(anonymous(), path, body), 401, "not_signed_in")
        problem(send(as_applicant(company), path, body), 403, "role_may_not")
        problem(send(as_staff("auditor"), path, body), 403, "role_may_not")
        assert not Profile.objects.filter(mode="down").exists()

    def test_has_to_be_one_of_the_list(self):
        body = {"fault": "sulking", "latency_ms": -1, "seeed": 1}
        client = as_staff("operator")

        told = problem(
            send(client, "departments/scjg/fault", body), 422, "invalid_input"
        )
        assert told["errors"][0]["pointer"] == "/seeed"
        assert "seed" in told["errors"][0]["detail"]

        del body["seeed"]
        told = problem(
            send(client, "departments/scjg/fault", body), 422, "invalid_input"
        )
        assert {e["pointer"] for e in told["errors"]} == {"/fault", "/latency_ms"}

    def test_belongs_to_a_department(self):
        answer = send(as_staff("operator"), "departments/nobody/fault", {"fault": "up"})

        problem(answer, 404, "not_found")
