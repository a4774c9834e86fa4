"""Late answers: sealed by the department, one receipt each, never a crash."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.departments.gateways.contract import (
    Answer,
    HeldRecord,
    question_digest,
)
from services.departments.gateways.envelope import SIGNATURE, Envelope, seal, sign
from services.departments.gateways.wire import answer_to_json
from services.exchange.inquire import as_question
from services.exchange.models import Exchange, Incident
from services.ledger.models import EntryDetails, LogEntry
from tests.api.conftest import anonymous, problem
from tests.clock import NOON
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def keys(settings, tmp_path) -> dict[str, Ed25519PrivateKey]:
    """Let us know the public keys of two departments."""
    made = {code: Ed25519PrivateKey.generate() for code in ("scjg", "wsjk")}
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    settings.DEPARTMENTS_KEYS.write_text(
        json.dumps(
            {
                code: base64.b64encode(key.public_key().public_bytes_raw()).decode()
                for code, key in made.items()
            }
        )
    )
    return made


def deliver(body: bytes, signature: str):
    return anonymous().post(
        "/exchange/answers",
        data=body,
        content_type="application/json",
        headers={SIGNATURE: signature},
    )


def sealed(keys, *answers: Answer, department: str = "scjg") -> tuple[bytes, str]:
    return seal(Envelope(department, department, answers), keys[department])


class TestAnswers:
    def test_settle_what_is_still_open(self, keys):
        exchange = ExchangeFactory(outcome="UNAVAILABLE", code="TIMEOUT")

        answer = deliver(*sealed(keys, _found(exchange)))

        assert answer.status_code == 202, answer.content
        assert answer.json()["receipts"] == [
            {
                "request_id": exchange.public_id,
                "accepted": True,
                "status": 202,
                "reason": "",
            }
        ]
        exchange.refresh_from_db()
        assert (exchange.state, exchange.outcome) == ("settled", "FOUND")

    def test_get_a_receipt_each(self, keys):
        settled = ExchangeFactory(not_found=True)
        unsaid = ExchangeFactory()

        answer = deliver(
            *sealed(
                keys,
                _found(settled),
                Answer("nobody-asked", "NOT_FOUND", "NO_RECORD"),
                Answer(unsaid.public_id, "UNAVAILABLE", "TIMEOUT"),
            )
        )

        assert answer.status_code == 202
        assert [r["status"] for r in answer.json()["receipts"]] == [409, 404, 422]
        assert not any(r["accepted"] for r in answer.json()["receipts"])
        refused = LogEntry.objects.filter(type="exchange.quarantined")
        assert refused.count() == 3

    def test_to_another_question_are_not_used(self, keys):
        exchange = ExchangeFactory()

        answer = deliver(*sealed(keys, _found(exchange, digest="0" * 64)))

        assert answer.json()["receipts"][0]["status"] == 422
        exchange.refresh_from_db()
        assert exchange.state == Exchange.State.WAITING

    def test_that_do_not_say_what_they_answer_are_not_used(self, keys):
        exchange, other = ExchangeFactory.create_batch(2)
        unbound = replace(_found(exchange), digest="")

        answer = deliver(*sealed(keys, unbound, _found(other)))

        refused, accepted = answer.json()["receipts"]
        assert (refused["status"], refused["reason"]) == (422, "without_digest")
        assert accepted["accepted"]
        exchange.refresh_from_db()
        assert (exchange.state, exchange.outcome) == (Exchange.State.WAITING, "")
        entry = LogEntry.objects.get(type="exchange.quarantined")
        assert entry.exchange == exchange.public_id
        details = EntryDetails.objects.get(pk=entry.pk)
        assert details.body["reason"] == "without_digest"

    def test_of_another_department_are_unknown(self, keys):
        exchange = ExchangeFactory(department="scjg")

        answer = deliver(*sealed(keys, _found(exchange), department="wsjk"))

        assert answer.json()["receipts"][0]["status"] == 404
        exchange.refresh_from_db()
        assert exchange.state == Exchange.State.WAITING


class TestSeal:
    def test_of_somebody_else_is_refused_and_logged(self, keys):
        exchange = ExchangeFactory()
        body, _ = sealed(keys, _found(exchange))
        _, forged = sealed({"scjg": Ed25519PrivateKey.generate()}, _found(exchange))

        answer = deliver(body, forged)

        problem(answer, 401, "signature_wrong")
        assert "WWW-Authenticate" in answer
        assert LogEntry.objects.filter(type="exchange.quarantined").count() == 1
        assert not Incident.objects.exists()
        exchange.refresh_from_db()
        assert exchange.state == Exchange.State.WAITING

    @pytest.mark.parametrize("signature", ["", "x", "é", "AAAA"])
    def test_is_needed(self, keys, signature):
        body, _ = sealed(keys)

        problem(deliver(body, signature), 401, "signature_wrong")

    def test_cannot_be_checked_without_keys(self, settings, tmp_path):
        settings.DEPARTMENTS_KEYS = tmp_path / "nothing.json"

        body = b'{"department":"scjg","signer":"scjg","answers":[]}'
        answer = deliver(body, "AAAA")

        problem(answer, 503, "departments_keys_unreadable")
        assert answer["Retry-After"]

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":"\\u0000"}']
    )
    def test_around_no_document_is_unreadable(self, keys, body):
        problem(deliver(body, "AAAA"), 400, "envelope_unreadable")

    def test_of_a_department_around_another_shape_is_an_incident(self, keys):
        exchange = ExchangeFactory()
        document = json.loads(sealed(keys, _found(exchange))[0])
        document["answers"][0]["more"] = 1
        body = json.dumps(document).encode()

        answer = deliver(body, sign(body, keys["scjg"]))

        problem(answer, 400, "envelope_unreadable")
        assert LogEntry.objects.get(type="exchange.quarantined").office == "scjg"
        incident = Incident.objects.get()
        assert (incident.kind, incident.about) == ("exchange_garbled", "scjg LATE")
        assert "unknown_shape" in incident.text

    def test_around_too_much_is_too_large(self, keys, settings):
        body = b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)

        problem(deliver(body, "AAAA"), 413, "body_too_large")


_TEXT = st.text(max_size=300)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_department_seals_breaks_nothing(keys, data):
    sent = answer_to_json(_found(ExchangeFactory()))
    names = data.draw(st.lists(st.sampled_from(sorted(sent)), max_size=3))
    spoilt = {**sent, **{name: data.draw(_JSON) for name in names}}
    answers = data.draw(st.sampled_from([[spoilt], [sent, spoilt, spoilt], [[]]]))
    document = {"department": "scjg", "signer": "scjg", "answers": answers}
    body = json.dumps(document).encode()
    signature = base64.b64encode(keys["scjg"].sign(body)).decode()

    assert deliver(body, signature).status_code in {202, 400}


def _found(exchange: Exchange, *, digest: str = "") -> Answer:
    record = HeldRecord(
        number="JY000001",
        holder_name=exchange.holder_name,
        entity=exchange.entity,
        issued_on=date(2024, 3, 1),
        valid_until=NOON.date() + timedelta(days=400),
        attributes={"scope": "热食类食品制售"},
    )
    digest = digest or question_digest(as_question(exchange))
    return Answer(exchange.public_id, "FOUND", records=(record,), digest=digest)
