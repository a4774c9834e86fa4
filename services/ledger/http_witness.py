"""A witness somewhere else, asked as C2SP tlog-witness says."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

import httpx

from services.ledger import note as notes
from services.ledger.note import NUMBER, NoteRefused, VerifierKey
from services.ledger.witnessing.server import ADD_CHECKPOINT
from services.ledger.witnessing.submission import written

PATIENCE_S = 3.0  # three calls of it are shorter than the sequencer's lease
LARGEST_ANSWER = 64 * 1024  # bytes
AS_IT_IS = {"Accept-Encoding": "identity"}


#: Gives the consistency proof from a tree of this size to the one that is shown.
Prove = Callable[[int], Sequence[bytes]]


class WitnessRefuses(Exception):
    """The witness has seen something else before; the message says what."""


class Heard(NamedTuple):
    """What the witness said."""

    status: int
    text: str


class WitnessAway(OSError):
    """The witness does not answer, or not as a witness would."""


@dataclass
class HttpWitness:
    """The witness at `address`; its cosignatures count if one of `keys` made them."""

    address: str
    origin: str
    keys: Sequence[VerifierKey]
    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(
            timeout=PATIENCE_S, headers=AS_IT_IS, trust_env=False
        ),
        repr=False,
    )
    _newest: str = field(default="", init=False, repr=False)

    def newest(self) -> str:
        """
        Return the newest checkpoint that it shows, or an empty text.

        :raises WitnessAway: if it shows nothing at all.
        """
        if self._newest:
            return self._newest
        origin = sha256(self.origin.encode()).hexdigest()
        answer = self._ask("GET", f"/{origin}/checkpoint")
        if answer.status not in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
            raise self._strange(answer)
        return answer.text if answer.status == HTTPStatus.OK else ""

    def keep(self, note: str, *, prove: Prove, now: datetime) -> str:  # noqa: ARG002  its clock counts
        """
        Have a checkpoint cosigned; return the cosignatures.

        :raises WitnessRefuses: if it is not what the witness has seen, grown.
        :raises WitnessAway: if it does not answer as it should.
        """
        known, self._newest = self._newest, ""
        answer = self._submit(note, _size_of(known) if known else 0, prove)
        stated = answer.text.removesuffix("\n")
        if answer.status == HTTPStatus.CONFLICT and NUMBER.fullmatch(stated):
            answer = self._submit(note, int(stated), prove)
        if answer.status != HTTPStatus.OK:
            raise self._refusal(answer)
        lines = self._own_lines(note, answer.text)
        self._newest = note
        return lines

    def _submit(self, note: str, old: int, prove: Prove) -> Heard:
        size = _size_of(note)
        if old > size:
            raise WitnessRefuses(f"it has seen {old} entries, the log has {size}")
        return self._ask("POST", ADD_CHECKPOINT, written(old, tuple(prove(old)), note))

    def _own_lines(self, note: str, lines: str) -> str:
        """Return the signatures of known keys, each of them checked."""
        try:
            signatures = notes.open_note(note + lines, self.keys).signatures
        except NoteRefused as problem:
            raise WitnessAway(
                f"the witness {self.address} sent no cosignature: {problem}"
            ) from None
        return "".join(signature.line for signature in signatures)

    def _ask(self, method: str, path: str, body: str | None = None) -> Heard:
        try:
            with self.client.stream(
                method, f"{self.address}{path}", content=body
            ) as answer:
                return Heard(answer.status_code, _read(answer))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as problem:
            raise WitnessAway(
                f"the witness {self.address} does not answer: {problem!r}"
            ) from None

    def _refusal(self, answer: Heard) -> Exception:
        """Return what a status other than 200 means (C2SP tlog-witness)."""
        match answer.status:
            case HTTPStatus.UNPROCESSABLE_ENTITY:
                return WitnessRefuses(f"it finds them inconsistent: {_said(answer)}")
            case HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
                return WitnessAway(
                    f"the witness {self.address} knows this log's key or origin not: "
                    f"{_said(answer)}"
                )
        return self._strange(answer)

    def _strange(self, answer: Heard) -> WitnessAway:
        return WitnessAway(
            f"the witness {self.address} answered {answer.status}: {_said(answer)}"
        )


def _read(answer: httpx.Response) -> str:
    """Read no more than may be, and no longer."""
    until = time.monotonic() + PATIENCE_S
    body = bytearray()
    for some in answer.iter_raw():
        body += some
        if len(body) > LARGEST_ANSWER or time.monotonic() > until:
            raise TimeoutError(f"no end after {len(body)} bytes")
    return body.decode(errors="replace")


def _said(answer: Heard) -> str:
    return answer.text[:200].strip()


def _size_of(note: str) -> int:
    return notes.parse_checkpoint(notes.parse_note(note).text).size
