"""
Signed notes, their keys, checkpoints and proofs as text. Pure.

C2SP signed-note (Ed25519, type 0x01), tlog-checkpoint, tlog-cosignature (timestamped
Ed25519, type 0x04) and tlog-proof.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from services.ledger.tree import HASH_BYTES

ED25519 = 0x01
COSIGNATURE = 0x04
ID_BYTES = 4
TIME_BYTES = 8
KEY_BYTES = 32
DASH = "\N{EM DASH} "
MOST_SIGNATURES = 64
PROOF = "c2sp.org/tlog-proof@v1"
NAME = re.compile(r"[^\s+\ud800-\udfff]+")
NUMBER = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)


class NoteRefused(ValueError):
    """A note, key, checkpoint or proof cannot be accepted; the message says why."""


class NotSigned(NoteRefused):
    """No known key signed a note."""


class Signature(NamedTuple):
    """One signature line of a note."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        return f"{DASH}{self.name} {encode(self.key_id + self.value)}\n"


class Note(NamedTuple):
    """A text, with its last line end, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(s.line for s in self.signatures)


class Signer(Protocol):
    """Whoever holds a private key: a file, a card, a service."""

    @property
    def key(self) -> VerifierKey: ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name, for one kind of signature."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        text = f"{self.name}\n".encode() + bytes([self.kind]) + self.public
        return sha256(text).digest()[:ID_BYTES]

    def __str__(self) -> str:
        public = encode(bytes([self.kind]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{public}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether this key made the Ed25519 signature of a message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """A private key in memory."""

    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    @property
    def key(self) -> VerifierKey:
        public = self.private.public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature (RFC 8032) of a message."""
        return self.private.sign(message)


class Checkpoint(NamedTuple):
    """A tree head: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt: where an entry stands, the way to the root, and the checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = f"extra {encode(self.extra)}\n" if self.extra else ""
        hashes = "".join(f"{encode(one)}\n" for one in self.hashes)
        return f"{PROOF}\n{extra}index {self.index}\n{hashes}\n{self.checkpoint}"


def parse_key(text: str) -> VerifierKey:
    """
    Return the key that a verifier key string names.

    :raises NoteRefused: if it is malformed, or its id is not that of its key.
    """
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    material = decode(encoded, "the verifier key")
    if not NAME.fullmatch(name) or len(material) != KEY_BYTES + 1:
        raise NoteRefused("the verifier key is not NAME+ID+KEY of an Ed25519 key")
    key = VerifierKey(name, material[0], material[1:])
    if key.kind not in (ED25519, COSIGNATURE) or key.key_id.hex() != key_id:
        raise NoteRefused(f"the verifier key of {name} does not fit its id {key_id}")
    return key


def sign_note(text: str, signer: Signer) -> Note:
    """Return a text signed by one key (type 0x01)."""
    key = signer.key
    signature = Signature(key.name, key.key_id, signer.sign(text.encode()))
    return Note(text, (signature,))


def cosign(text: str, signer: Signer, *, seconds: int) -> Signature:
    """Return a witness's timestamped signature (type 0x04) of a checkpoint's text."""
    value = signer.sign(_cosigned(text, seconds))
    key = signer.key
    return Signature(key.name, key.key_id, seconds.to_bytes(TIME_BYTES, "big") + value)


def parse_note(text: str) -> Note:
    """
    Return a note's text and signatures, unchecked.

    :raises NoteRefused: if it is no signed note.
    """
    if any(char < " " and char != "\n" for char in text) or not text.endswith("\n"):
        raise NoteRefused("the note has control characters or no last line end")
    body, blank, below = text.rpartition("\n\n")
    lines = below.splitlines()
    if not (blank and lines) or len(lines) > MOST_SIGNATURES:
        raise NoteRefused("the note has no signatures, or too many")
    return Note(f"{body}\n", tuple(_signature(line) for line in lines))


def open_note(text: str, keys: Iterable[VerifierKey]) -> Note:
    """
    Return a note with only the signatures of known keys, each of them checked.

    :raises NotSigned: if there is none of a known key.
    :raises NoteRefused: if a known key's signature is wrong.
    """
    note = parse_note(text)
    known = {(key.name, key.key_id): key for key in keys}
    good = []
    for signature in note.signatures:
        key = known.get(signature[:2])
        if key is None:
            continue
        if not _holds(key, signature, note.text):
            raise NoteRefused(f"the signature of {key.name} does not fit the text")
        good.append(signature)
    if not good:
        signers = ", ".join(sorted({each.name for each in note.signatures}))
        raise NotSigned(f"no known key signed this; it names {signers}")
    return Note(note.text, tuple(good))


def cosigned_at(signature: Signature) -> int:
    """Return the time of a cosignature, in seconds since 1970."""
    return int.from_bytes(signature.value[:TIME_BYTES], "big")


def parse_checkpoint(text: str) -> Checkpoint:
    """
    Return the checkpoint of a note's text.

    :raises NoteRefused: if it is none.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not NUMBER.fullmatch(lines[1]):  # noqa: PLR2004  the form
        raise NoteRefused("the checkpoint is not origin, size and root")
    root = decode(lines[2], "the checkpoint's root")
    if len(root) != HASH_BYTES:
        raise NoteRefused(f"the checkpoint's root has {len(root)} bytes instead of 32")
    return Checkpoint(lines[0], int(lines[1]), root)


def parse_proof(text: str) -> Proof:
    """
    Return what a .tlog-proof states, unchecked.

    :raises NoteRefused: if it has another form.
    """
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if lines.pop(0) != PROOF or not blank:
        raise NoteRefused(f"the proof does not begin with {PROOF}")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode(lines.pop(0).removeprefix("extra "), "the proof's extra line")
    index = lines.pop(0).removeprefix("index ") if lines else ""
    if not NUMBER.fullmatch(index):
        raise NoteRefused("the proof does not say the index of its entry")
    hashes = tuple(decode(line, "a hash of the proof") for line in lines)
    if any(len(each) != HASH_BYTES for each in hashes):
        raise NoteRefused("a hash of the proof does not have 32 bytes")
    return Proof(int(index), hashes, checkpoint, extra)


def encode(value: bytes) -> str:
    """Return bytes in the standard base 64 of RFC 4648 §4."""
    return base64.b64encode(value).decode()


def decode(text: str, what: str) -> bytes:
    """
    Return the bytes of a base 64 text.

    :raises NoteRefused: naming what it was, if it is not canonical base 64.
    """
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteRefused(f"{what} is not base 64") from None
    if encode(value) != text:
        raise NoteRefused(f"{what} is not canonical base 64")
    return value


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not NAME.fullmatch(name):
        raise NoteRefused("a signature line of the note is malformed")
    value = decode(encoded, f"the signature of {name}")
    if len(value) <= ID_BYTES:
        raise NoteRefused(f"the signature of {name} is too short")
    return Signature(name, value[:ID_BYTES], value[ID_BYTES:])


def _holds(key: VerifierKey, signature: Signature, text: str) -> bool:
    if key.kind == ED25519:
        return key.verifies(signature.value, text.encode())
    message = _cosigned(text, cosigned_at(signature))
    return key.verifies(signature.value[TIME_BYTES:], message)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
