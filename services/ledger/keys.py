"""Ed25519 keys in files. Pure."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


def make_key(file: Path) -> bool:
    """
    Write a new private key that only its owner may read; an old one stays.

    Return whether it was written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as out:
        out.write(pem)
    return True


def read_key(file: Path) -> Ed25519PrivateKey:
    """
    Return the private key in a file.

    :raises OSError: or ValueError, if there is none.
    """
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("it holds no Ed25519 key")  # noqa: TRY004  a file, no argument
    return key
