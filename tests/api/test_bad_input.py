"""Whatever is sent, the answer is a problem document and never our own fault."""

from __future__ import annotations

import json

import pytest

from tests.api.conftest import anonymous, as_applicant, problem

CASES = "/api/v1/cases"
FORM, EMPTY_FORM = "multipart/form-data; boundary=b", b"--b--\r\n"


def post(client, body, content_type="application/json", path=CASES):
    return client.post(path, data=body, content_type=content_type)


class TestBody:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'"x"',
            b"\xff\xfe",
            b'{"item": NaN}',
            b'{"item": "\\u0000"}',
            b'{"item": "\\ud800"}',
            b'{"\\u0000": 1}',
            b'{"answers": {"\\ud800": []}}',
            b"[" * 200_000,
            b'{"item": ' + b"9" * 5_000 + b"}",
        ],
    )
    def test_that_is_no_json_object_is_unreadable(self, company, body):
        problem(post(as_applicant(company), body), 400, "unreadable_body")

    @pytest.mark.parametrize("kind", ["text/plain", "x", FORM])
    @pytest.mark.parametrize("headers", [{}, {"idempotency-key": "k"}])
    def test_of_another_type_is_not_taken(self, company, kind, headers):
        answer = as_applicant(company).post(
            CASES, data=EMPTY_FORM, content_type=kind, headers=headers
        )

        problem(answer, 415, "unsupported_media_type")

    def test_of_ten_megabytes_is_too_large(self, company):
        body = b'{"item": "' + b"x" * 10_000_000 + b'"}'

        problem(post(as_applicant(company), body), 413, "body_too_large")

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "/item"),
            ({"item": None}, "/item"),
            ({"item": {}}, "/item"),
            ({"item": ""}, "/item"),
            ({"item": "x" * 201}, "/item"),
            ({"item": "HZ-004", "answers": []}, "/answers"),
            ({"item": "HZ-004", "answers": {"a": "b"}}, "/answers/a"),
            ({"item": "HZ-004", "answers": {"a": [1, {}]}}, "/answers/a/1"),
            ({"item": "HZ-004", "answers": {"a/b~": 1}}, "/answers/a~1b~0"),
            ({"item": "HZ-004", "fields": {"seats": ["1"]}}, "/fields/seats"),
            ({"item": "HZ-004", "fields": {"seats": True}}, "/fields/seats"),
            ({"item": "HZ-004", "commitments": {}}, "/commitments"),
            ({"item": "HZ-004", "fill": "all"}, "/fill"),
            ({"item": "HZ-004", "insist": "perhaps"}, "/insist"),
            ({"item": "HZ-004", "iteme": 1}, "/iteme"),
        ],
    )
    def test_has_members_of_the_right_kind(self, company, body, pointer):
        answer = post(as_applicant(company), json.dumps(body))

        told = problem(answer, 422, "invalid_input")
        assert pointer in {e["pointer"] for e in told["errors"]}


class TestAddress:
    @pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v2/cases"])
    @pytest.mark.parametrize("method", ["get", "post", "delete"])
    def test_that_is_unknown_is_not_found(self, db, path, method):
        problem(getattr(anonymous(), method)(path), 404, "not_found")

    def test_has_its_methods(self, company):
        answer = as_applicant(company).delete(CASES)

        problem(answer, 405, "method_not_allowed")
        assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"

    @pytest.mark.parametrize("path", ["/api/v1/cases/\0", "/api/v1/cases?cursor=%00"])
    def test_has_no_nul(self, company, path):
        answer = as_applicant(company).get(path)

        assert answer.status_code in {400, 404}
        assert answer["Content-Type"] == "application/problem+json"


def test_a_database_that_is_away_is_told_with_when_to_come_back(company, monkeypatch):
    from django.db import OperationalError

    def away(**_):
        raise OperationalError("gone")

    client = as_applicant(company)
    monkeypatch.setattr("services.api.cases.submit_case", away)

    answer = post(client, json.dumps({"item": "HZ-004"}))

    problem(answer, 503, "service_unavailable")
    assert answer["Retry-After"]


def test_our_own_fault_is_a_problem_document_too(company, monkeypatch):
    client = as_applicant(company)
    monkeypatch.setattr("services.api.cases.submit_case", lambda **_: 1 / 0)

    answer = post(client, json.dumps({"item": "HZ-004"}))

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert "ZeroDivision" not in answer.content.decode()
