"""The departments' private keys: made on the first start, one file for each."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.common.errors import DomainError

PrivateKeys = dict[str, Ed25519PrivateKey]


class KeysContradict(DomainError):
    """The file of public keys names another key than we hold."""

    code = "departments_keys_contradict"


def private_keys(codes: Iterable[str], *, public: Path) -> PrivateKeys:
    """
    Return the key of each department, made if it has none.

    They stand in the folder `private` beside the file of public keys, to which the new
    ones are added.

    :raises KeysContradict: if that file holds another key for somebody.
    """
    folder = public.parent / "private"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = {code: _key(folder / f"{code}.key") for code in codes}
    known = json.loads(public.read_bytes()) if public.exists() else {}
    ours = {code: public_text(key) for code, key in keys.items()}
    for code, text in ours.items():
        if known.get(code, text) != text:
            raise KeysContradict(f"{public} names another key of {code}")
    if ours.keys() - known.keys():
        public.write_text(json.dumps({**known, **ours}, indent=1), encoding="utf-8")
    return keys


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public key that belongs to a private one, in base64."""
    return _text(key.public_key().public_bytes_raw())


def _key(file: Path) -> Ed25519PrivateKey:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(_text(Ed25519PrivateKey.generate().private_bytes_raw()))
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_text()))


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
