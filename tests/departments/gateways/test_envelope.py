"""Read from the wire: sealed by whom we know, of the exact shape, or refused."""

import base64
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from services.departments.gateways.contract import (
    NO_DIGEST,
    Answer,
    HeldRecord,
    Seen,
)
from services.departments.gateways.envelope import (
    Envelope,
    EnvelopeRefused,
    open_envelope,
    seal,
)
from services.departments.gateways.wire import (
    ShapeUnknown,
    answer_from_json,
    answer_to_json,
    deposit_from_json,
    deposit_to_json,
    question_from_json,
    question_to_json,
)
from services.departments.gateways.wire_upkeep import seen_from_json, seen_to_json
from tests.clock import NOON
from tests.departments.gateways.asking import deposit
from tests.factories.exchange import question

DEPARTMENT, HUB, THIEF = (Ed25519PrivateKey.generate() for _ in range(3))
KEYS = {"scjg": DEPARTMENT.public_key(), "hub": HUB.public_key()}
ANSWER = Answer(
    request_id="r1",
    outcome="FOUND",
    records=(
        HeldRecord(
            number="JY1",
            holder_name="杭州示例餐饮有限公司",
            entity="91330106FAKE00021X",
            issued_on=date(2024, 3, 1),
            valid_until=None,
            attributes={"scope": "热食类\n“食品”\\u0041制售"},
        ),
    ),
    snapshot_at=NOON - timedelta(hours=3),
    via="hub",
    digest="d" * 64,
)


def sealed(answer=ANSWER, *, signer="scjg", key=DEPARTMENT):
    return seal(Envelope("scjg", signer, [answer]), key)


class TestSeal:
    def test_opens_to_what_was_put_in(self):
        assert open_envelope(*sealed(), KEYS) == ("scjg", [ANSWER])

    def test_opens_to_answers_that_fit_no_question_where_they_name_none(self):
        _, (answer,) = open_envelope(*sealed(replace(ANSWER, digest="")), KEYS)

        assert answer.digest == NO_DIGEST

    def test_of_the_hub_counts_only_where_it_may_speak(self):
        body, signature = sealed(signer="hub", key=HUB)

        opened = open_envelope(body, signature, KEYS, hub_speaks=True)
        assert opened == ("scjg", [ANSWER])
        with pytest.raises(EnvelopeRefused, match="sealed_by_another"):
            open_envelope(body, signature, KEYS)

    def test_of_somebody_else_is_refused(self):
        with pytest.raises(EnvelopeRefused, match="wrong_signature"):
            open_envelope(*sealed(key=THIEF), KEYS)

    def test_of_nobody_is_refused(self):
        with pytest.raises(EnvelopeRefused, match="wrong_signature"):
            open_envelope(sealed()[0], "", KEYS)

    def test_without_a_key_of_ours_is_refused(self):
        with pytest.raises(EnvelopeRefused, match="unknown_department"):
            open_envelope(*sealed(), {})

    @given(st.data())
    def test_covers_every_byte(self, data):
        body, signature = sealed()
        index = data.draw(st.integers(0, len(body) - 1))
        changed = bytearray(body)
        changed[index] ^= data.draw(st.integers(1, 255))

        with pytest.raises(EnvelopeRefused):
            open_envelope(bytes(changed), signature, KEYS)


def resealed(change):
    document = json.loads(sealed()[0])
    change(document["answers"][0])
    body = json.dumps(document).encode()
    return body, base64.b64encode(DEPARTMENT.sign(body)).decode()


class TestShape:
    @pytest.mark.parametrize(
        "change",
        [
            lambda a: a.pop("code"),
            lambda a: a.update(more=1),
            lambda a: a.update(request_id=["r1"]),
            lambda a: a.update(via="a back door"),
            lambda a: a.update(answer_at="tomorrow"),
            lambda a: a.update(records=[None]),
            lambda a: a["records"][0].update(issued_on="2024-02-30"),
            lambda a: a["records"][0]["attributes"].update(scope=float("nan")),
            lambda a: a["records"][0].update(number="JY\0"),
            lambda a: a["records"][0].update(number="\ud800"),
        ],
    )
    def test_that_we_do_not_know_is_refused_though_well_sealed(self, change):
        with pytest.raises(EnvelopeRefused):
            open_envelope(*resealed(change), KEYS)

    @pytest.mark.parametrize(
        "body", [b"", b"<html>", b"[]", b"null", b'"x"', b"[" * 100_000, b"\xff"]
    )
    def test_that_is_no_envelope_is_refused(self, body):
        with pytest.raises(EnvelopeRefused):
            open_envelope(body, "", KEYS)


class TestRoundTrips:
    def test_keep_a_deferral(self):
        deferred = Answer("r1", "DEFERRED", "ACCEPTED_FOR_LATER", answer_at=NOON)

        assert answer_from_json(answer_to_json(deferred)) == deferred

    def test_keep_a_question(self):
        asked = question(former_names=("旧名",), explicit_request=False)

        assert question_from_json(question_to_json(asked)) == asked

    def test_keep_a_deposit(self):
        for given_in in (deposit(), replace(deposit(), valid_until=None)):
            assert deposit_from_json(deposit_to_json(given_in), "scjg") == given_in

    def test_keep_a_line_of_the_journal(self):
        seen = Seen("r1", "question", "scjg", 2, 0, NOON, NOON, "FOUND")

        assert seen_from_json(seen_to_json(seen)) == seen

    def test_refuse_a_question_whose_names_are_no_texts(self):
        sent = question_to_json(question()) | {"former_names": [1]}

        with pytest.raises(ShapeUnknown):
            question_from_json(sent)
