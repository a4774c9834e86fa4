"""The API describes itself, completely and in valid OpenAPI."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver
from openapi_spec_validator import validate
from rest_framework.views import APIView

from services.api.errors import CONTENT_TYPE
from services.api.schema import POLICY
from tests.api.conftest import anonymous

METHODS = {"get", "post", "put", "patch", "delete"}
EXCLUDED = {"Schema", "Docs", "NoSuchAddress"}


@cache
def schema() -> dict[str, Any]:
    answer = anonymous().get("/api/schema/")
    assert answer.status_code == 200
    described: dict[str, Any] = yaml.safe_load(answer.content)
    return described


def operations():
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def views(resolver=None):
    """Return every view of the API that the addresses lead to."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", None)
            if view and issubclass(view, APIView) and view.__name__ not in EXCLUDED:
                yield view


@pytest.mark.django_db
class TestSchema:
    def test_is_valid(self):
        validate(schema())

    def test_has_every_operation(self):
        wanted = sum(
            hasattr(view, method) for view in set(views()) for method in METHODS
        )

        assert len(list(operations())) == wanted > 15

    def test_says_what_every_operation_does(self):
        silent = [name for name, o in operations() if not o.get("description")]

        assert silent == []

    def test_tells_every_failure_as_a_problem(self):
        for name, operation in operations():
            failures = {
                status: set(answer["content"])
                for status, answer in operation["responses"].items()
                if int(status) >= 400
            }
            assert failures, name
            assert set().union(*failures.values()) == {CONTENT_TYPE}, name

    def test_takes_a_key_for_every_write_of_a_signed_in_person(self):
        for name, operation in operations():
            write = name.startswith("post") and {} not in operation["security"]
            keys = {p["name"] for p in operation.get("parameters", ())}
            assert ("Idempotency-Key" in keys) == write, name

    def test_shows_how_a_case_is_filed(self):
        body = schema()["paths"]["/api/v1/cases"]["post"]["requestBody"]

        assert body["content"]["application/json"]["examples"]


@pytest.mark.django_db
class TestDocs:
    def test_load_nothing_from_elsewhere(self):
        page = anonymous().get("/api/docs/")

        assert page.status_code == 200
        assert page["Content-Security-Policy"] == POLICY
        text = page.content.decode()
        assert "http://" not in text
        assert "https://" not in text
        assert "<script>" not in text

    def test_have_their_script(self):
        script = anonymous().get("/api/docs/?script=")

        assert script["Content-Type"].startswith("application/javascript")
        assert "/api/schema/" in script.content.decode()
