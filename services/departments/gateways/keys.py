"""The departments' public keys, as we know them."""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from services.common.errors import DomainError


class KeysUnreadable(DomainError):
    """The file of public keys is missing, or holds something else."""

    code = "departments_keys_unreadable"


def public_keys() -> dict[str, Ed25519PublicKey]:
    """
    Return the key of each department and of the hub, by code.

    :raises KeysUnreadable: if the file that the settings name holds none.
    """
    file: Path = settings.DEPARTMENTS_KEYS
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError, AttributeError) as wrong:
        raise KeysUnreadable(f"{file}: {wrong}") from wrong


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int) -> dict[str, Ed25519PublicKey]:
    written = json.loads(file.read_bytes())
    return {
        code: Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
        for code, text in written.items()
    }
