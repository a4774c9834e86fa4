"""Who signs the log: an Ed25519 key from a file. Another signer is one class away."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from services.common.errors import DomainError
from services.ledger.keys import make_key, read_key
from services.ledger.note import (
    COSIGNATURE,
    Ed25519Signer,
    NoteRefused,
    Signer,
    VerifierKey,
    parse_key,
)


class LogKeyUnusable(DomainError):
    """A key of the log or of a witness is missing or something else."""

    code = "log_key_unusable"


def log_signer() -> Signer:
    """
    Return the signer that the settings name, under the log's origin.

    :raises LogKeyUnusable: naming the file, and what to do.
    """
    return _signer(settings.LOG_ORIGIN, Path(settings.LOG_KEY))


def verifier_key() -> VerifierKey:
    """
    Return the log's public key, as the settings state it or from the private one.

    :raises LogKeyUnusable: if there is neither.
    """
    text = settings.LOG_VERIFIER_KEY
    return _stated_key(text) if text else log_signer().key


def witness_keys() -> list[VerifierKey]:
    """
    Return the keys of the witnesses whose cosignatures count.

    :raises LogKeyUnusable: naming what is no key of a witness.
    """
    keys = [_stated_key(text) for text in settings.WITNESS_KEYS]
    for key in keys:
        if key.kind != COSIGNATURE:
            raise LogKeyUnusable(f"{key} is no key of a witness (type 0x04)")
    return keys


def _stated_key(text: str) -> VerifierKey:
    try:
        return parse_key(text)
    except NoteRefused as problem:
        raise LogKeyUnusable(f"{text!r}: {problem}") from None


@lru_cache(maxsize=2)
def _signer(origin: str, file: Path) -> Ed25519Signer:
    if settings.LOCAL:
        make_key(file)
    try:
        return Ed25519Signer(origin, read_key(file))
    except (OSError, ValueError) as problem:
        raise LogKeyUnusable(
            f"{file}: {problem}; make one with `manage.py make_log_key`"
        ) from None
