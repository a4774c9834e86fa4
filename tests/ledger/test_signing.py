"""Which keys the settings name: the log's, and those of witnesses."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.ledger.note import COSIGNATURE, Ed25519Signer
from services.ledger.signing import (
    LogKeyUnusable,
    log_signer,
    verifier_key,
    witness_keys,
)

LOG = Ed25519Signer("log.example", Ed25519PrivateKey.generate()).key
WITNESS = Ed25519Signer(
    "witness.example", Ed25519PrivateKey.generate(), COSIGNATURE
).key


def test_who_does_not_sign_needs_no_private_key(settings, tmp_path):
    settings.LOG_KEY = tmp_path / "nowhere" / "key.pem"
    settings.LOCAL = False
    settings.LOG_VERIFIER_KEY = str(LOG)

    assert verifier_key() == LOG


def test_without_a_stated_key_it_is_that_of_the_signer():
    assert verifier_key() == log_signer().key


def test_witnesses_are_those_of_the_settings(settings):
    assert witness_keys() == []
    settings.WITNESS_KEYS = [str(WITNESS)]
    assert witness_keys() == [WITNESS]


@pytest.mark.parametrize(
    ("text", "says"),
    [("nonsense", "'nonsense': the verifier key"), (str(LOG), "no key of a witness")],
    ids=["no key", "the log's key"],
)
def test_what_is_no_key_of_a_witness_is_named(settings, text, says):
    settings.WITNESS_KEYS = [text]
    with pytest.raises(LogKeyUnusable, match=says):
        witness_keys()


def test_what_is_no_key_of_the_log_is_named(settings):
    settings.LOG_VERIFIER_KEY = "log.example+00000000+AQ=="
    with pytest.raises(LogKeyUnusable, match="verifier key"):
        verifier_key()
