"""
A reader of C2SP logs, written from the specifications alone.

It shares no line with the project: what both accept has the form of the texts, not that
of our own mistakes. Texts: c2sp.org/tlog-tiles, /tlog-checkpoint, /signed-note.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fetch = Callable[[str], bytes]  # path below the prefix -> content; raises if missing


def read_log(fetch: Fetch, vkey: str) -> list[bytes]:
    """Return all entries of a log, or raise AssertionError."""
    size, root = read_checkpoint(fetch("checkpoint").decode("utf-8"), vkey)
    entries: list[bytes] = []
    for number in range((size + 255) // 256):
        width = min(256, size - 256 * number)
        entries += read_bundle(fetch(path("entries", number, width)), width)
    hashes = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    level = 0
    row = hashes
    while row:
        for number in range((len(row) + 255) // 256):
            part = row[256 * number : 256 * number + 256]
            tile = fetch(path(str(level), number, len(part)))
            assert tile == b"".join(part), f"tile {level}/{number} differs"
        full = len(row) // 256
        row = [mth(row[256 * n : 256 * n + 256]) for n in range(full)]
        level += 1
    assert mth(hashes) == root, "the root differs"
    return entries


def read_checkpoint(note: str, vkey: str) -> tuple[int, bytes]:
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    name, key_id, encoded = vkey.split("+", 2)
    material = base64.b64decode(encoded)
    assert material[0] == 1, "not an Ed25519 note key"
    computed = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    assert computed.hex() == key_id, "the key id differs"
    good = False
    for line in signatures.splitlines():
        dash, signer, blob = line.split(" ")
        assert dash == "\u2014"
        raw = base64.b64decode(blob)
        if signer == name and raw[:4] == computed:
            key = Ed25519PublicKey.from_public_bytes(material[1:])
            key.verify(raw[4:], text.encode())
            good = True
    assert good, "the log did not sign this"
    lines = text.splitlines()
    assert lines[0] == name, "another log"
    assert str(int(lines[1])) == lines[1]
    return int(lines[1]), base64.b64decode(lines[2])


def read_bundle(content: bytes, width: int) -> list[bytes]:
    entries, at = [], 0
    while at < len(content):
        (length,) = struct.unpack_from(">H", content, at)
        entries.append(content[at + 2 : at + 2 + length])
        at += 2 + length
    assert at == len(content)
    assert len(entries) == width
    return entries


def path(level: str, number: int, width: int) -> str:
    digits = f"{number % 1000:03d}"
    number //= 1000
    while number:
        digits = f"x{number % 1000:03d}/{digits}"
        number //= 1000
    return f"tile/{level}/{digits}" + ("" if width == 256 else f".p/{width}")


def mth(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1 over leaf hashes, from the bottom up."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    row = list(hashes)
    while len(row) > 1:
        paired = [
            hashlib.sha256(b"\x01" + row[at] + row[at + 1]).digest()
            for at in range(0, len(row) - 1, 2)
        ]
        row = paired + row[len(row) - len(row) % 2 :]
    return row[0]
