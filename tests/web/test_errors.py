"""What went wrong is told with a reference and a next step; nothing runs inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from services.cases.telling import SENTENCES, sentence
from services.cases.transitions import TRANSITIONS
from services.common.errors import DomainError
from services.web import wording
from tests.web.conftest import page

TEMPLATES = Path(settings.BASE_DIR) / "services" / "web" / "templates"


@pytest.mark.django_db
class TestErrorPages:
    def test_not_found_gives_a_reference_and_a_way_on(self, client):
        answer = client.get("/nothing/here/")

        assert answer.status_code == 404
        assert re.search(r"404-[0-9A-F]{8}", page(answer))
        assert "回到首页" in page(answer)

    def test_machines_get_a_problem_document(self, client):
        answer = client.get("/nothing/", headers={"accept": "application/json"})

        assert answer.json()["code"] == "not_found"

    def test_an_expired_form_says_that_nothing_was_sent(self):
        strict = Client(enforce_csrf_checks=True)

        answer = strict.post("/sign-in/", {"licence": "x"})

        assert answer.status_code == 403
        assert "没有提交任何内容" in page(answer)

    def test_a_crash_shows_a_page_and_not_a_trace(self, client, monkeypatch):
        client.raise_request_exception = False
        monkeypatch.setattr("services.web.applicant.home.items", lambda: 1 / 0)

        answer = client.get("/")

        assert answer.status_code == 500
        assert "ZeroDivisionError" not in page(answer)
        assert re.search(r"500-[0-9A-F]{8}", page(answer))


def test_health_needs_no_database(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_pages_load_nothing_inline_and_nothing_from_elsewhere(client):
    answer = client.get("/sign-in/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r'(src|href)="https?:', page(answer))


@pytest.mark.parametrize(
    "file", sorted(TEMPLATES.rglob("*.html")), ids=lambda f: f.name
)
def test_no_template_has_inline_style_or_script(file):
    text = file.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("action", sorted({t.action for t in TRANSITIONS}))
def test_every_move_of_a_case_has_words(action):
    assert action in wording.ACTIONS


def subclasses(kind):
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def test_an_unforeseen_rule_is_told_by_its_code():
    class Unforeseen(DomainError):
        code = "unforeseen"

    assert "unforeseen" in sentence(Unforeseen())


def test_sentences_exist_for_rules_that_exist():
    codes = {kind.code for kind in subclasses(DomainError)}

    assert set(SENTENCES) <= codes
