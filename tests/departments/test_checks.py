"""What stops the start of somebody who could not work with the departments."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from services.departments import checks
from services.departments.checks import check_agreement
from services.exchange.deadlines import require_fit
from tests.departments.serving import Clock, served

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def keys(settings, tmp_path):
    settings.DEPARTMENTS_KEYS = tmp_path / "ours.json"
    with served(tmp_path, Clock()) as server:
        settings.DEPARTMENTS_URL = f"http://127.0.0.1:{server.server_port}"
        known = json.loads((tmp_path / "keys.json").read_bytes())
        settings.DEPARTMENTS_KEYS.write_text(json.dumps(known))
        yield known


def test_who_agrees_may_start(keys):
    assert check_agreement() == []
    require_fit()


def test_in_process_nobody_is_asked(settings):
    assert settings.DEPARTMENTS_URL == ""
    assert check_agreement() == []


def test_a_service_that_does_not_answer_yet_stops_nothing(settings):
    settings.DEPARTMENTS_URL = NOBODY

    assert [message.id for message in check_agreement()] == ["departments.W001"]
    require_fit()


def test_another_key_stops_the_start_and_is_named(keys, settings):
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    changed = keys | {"wsjk": base64.b64encode(other).decode()}
    settings.DEPARTMENTS_KEYS.write_text(json.dumps(changed))

    with pytest.raises(SystemExit, match="onelicense: keys of wsjk are not those in"):
        require_fit()
    with pytest.raises(SystemCheckError, match="wsjk"):
        call_command("check")


@pytest.mark.parametrize("text", ["{}", "no keys", '{"scjg": "short"}', "[]"])
def test_keys_that_we_do_not_have_stop_the_start(keys, settings, text):
    settings.DEPARTMENTS_KEYS.write_text(text)

    with pytest.raises(SystemExit, match="keys"):
        require_fit()


def test_a_promise_that_outlasts_our_patience_stops_the_start(keys, monkeypatch):
    monkeypatch.setattr(checks, "READ_SECONDS", 4)

    with pytest.raises(SystemExit, match="answer within 4 s, but we wait only 4 s"):
        require_fit()


def test_a_service_that_takes_fewer_at_once_stops_the_start(keys, monkeypatch):
    monkeypatch.setattr(checks, "AT_ONCE", 501)

    with pytest.raises(SystemExit, match="500 questions at once, we send 501"):
        require_fit()


@pytest.mark.parametrize(
    ("departments", "answers", "warnings"),
    [
        (NOBODY, "", ["departments.W002"]),
        (NOBODY, "http://hall.test/exchange/answers", []),
        ("", "", []),
    ],
)
def test_nowhere_to_send_late_answers_is_a_warning(
    settings, departments, answers, warnings
):
    settings.DEPARTMENTS_URL, settings.ANSWERS_URL = departments, answers

    found = [one.id for one in run_checks() if one.id != "departments.W001"]

    assert [name for name in found if str(name).startswith("departments.")] == warnings
