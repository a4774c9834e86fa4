"""
Answers under seal: one JSON document of one department, signed as a whole. Pure.

The department signs with its Ed25519 key, or the hub with its own where it stands
before the department and says something itself.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from services.departments.gateways.contract import HUB, NO_DIGEST, Answer
from services.departments.gateways.wire import (
    Json,
    Shape,
    ShapeUnknown,
    answer_from_json,
    answer_to_json,
    checked,
)

SIGNATURE = "X-Signature"  # header: base64 of the Ed25519 signature of the body
ESCAPE, NUL = b"\\u", b"\\u0000"
ENVELOPE: Shape = {"department": str, "signer": str, "answers": list}


class Envelope(NamedTuple):
    """What is said in a department's name, and by whom."""

    department: str
    signer: str
    answers: Sequence[Answer]


class EnvelopeRefused(Exception):
    """An envelope is not what a department that we know has sealed."""

    def __init__(self, reason: str, *, sealed_for: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.sealed_for = sealed_for  # the department, once the seal was found good


def seal(envelope: Envelope, key: Ed25519PrivateKey) -> tuple[bytes, str]:
    """Return the bytes to send and their signature."""
    body = write(
        {
            "department": envelope.department,
            "signer": envelope.signer,
            "answers": [answer_to_json(answer) for answer in envelope.answers],
        }
    )
    return body, sign(body, key)


def sign(body: bytes, key: Ed25519PrivateKey) -> str:
    """Return the signature of these bytes."""
    return base64.b64encode(key.sign(body)).decode()


def verify(body: bytes, signature: str, key: Ed25519PublicKey) -> None:
    """
    Check a signature.

    :raises EnvelopeRefused: if it is not of this key and these bytes.
    """
    try:
        key.verify(base64.b64decode(signature, validate=True), body)
    except (InvalidSignature, ValueError) as wrong:
        raise EnvelopeRefused("wrong_signature") from wrong


def open_envelope(
    body: bytes,
    signature: str,
    keys: Mapping[str, Ed25519PublicKey],
    *,
    hub_speaks: bool = False,
) -> tuple[str, list[Answer]]:
    """
    Return the department and its answers, each bound to some question or to none.

    :param hub_speaks: whether the hub may have sealed it in the department's name.
    :raises EnvelopeRefused: with the reason, if anything about it is not right.
    """
    document = _read(body)
    department, signer = document["department"], document["signer"]
    if signer != department and not (hub_speaks and signer == HUB):
        raise EnvelopeRefused("sealed_by_another")
    if signer not in keys:
        raise EnvelopeRefused("unknown_department")
    verify(body, signature, keys[signer])
    try:
        return department, [_answer(sent) for sent in document["answers"]]
    except ShapeUnknown as wrong:
        reason = f"unknown_shape: {wrong}"
        raise EnvelopeRefused(reason, sealed_for=department) from wrong


def write(document: object) -> bytes:
    """Return a document as it goes over the wire."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def read(body: bytes) -> object:
    """
    Return what a document says.

    :raises ValueError: if it is not JSON, or holds characters that no text may hold.
    """
    try:
        document: object = json.loads(body.decode())
    except RecursionError as deep:
        raise ValueError("nested too deeply") from deep
    if NUL in body:
        raise ValueError("a text with NUL")
    if ESCAPE in body:
        write(document)  # half of a pair of surrogates is no character
    return document


def _answer(sent: object) -> Answer:
    """Return an answer; one without a digest fits no question, whoever asked."""
    answer = answer_from_json(sent)
    return answer if answer.digest else replace(answer, digest=NO_DIGEST)


def _read(body: bytes) -> Json:
    try:
        return checked(read(body), ENVELOPE)
    except ShapeUnknown as wrong:
        raise EnvelopeRefused(f"unknown_shape: {wrong}") from wrong
    except ValueError as wrong:
        raise EnvelopeRefused("not_json") from wrong
