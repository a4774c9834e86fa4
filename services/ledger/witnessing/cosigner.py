"""Decide what a witness cosigns (C2SP tlog-witness, `add-checkpoint`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

from services.ledger.note import (
    Checkpoint,
    Note,
    NoteRefused,
    Signer,
    VerifierKey,
    cosign,
    open_note,
    parse_checkpoint,
    parse_note,
)
from services.ledger.proofs import ProofFails, check_consistency
from services.ledger.tree import EMPTY_ROOT
from services.ledger.witnessing.memory import FAILURES, Memory, Turn
from services.ledger.witnessing.submission import Submission, parse_submission

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


class Reply(NamedTuple):
    """What a witness answers."""

    status: HTTPStatus
    body: str
    content_type: str = TEXT


class Refused(Exception):
    """A checkpoint is not cosigned; the reply says why."""

    def __init__(self, status: HTTPStatus, body: str, content_type: str = TEXT) -> None:
        super().__init__(body)
        self.reply = Reply(status, f"{body}\n", content_type)


class Cosigner:
    """A witness of the logs whose keys it was given, by their origin."""

    def __init__(
        self,
        signer: Signer,
        logs: Mapping[str, Sequence[VerifierKey]],
        memory: Memory,
        *,
        clock: Callable[[], float],
    ) -> None:
        self.signer = signer
        self._logs = logs
        self._memory = memory
        self._clock = clock
        self._origins = {sha256(name.encode()).hexdigest(): name for name in logs}

    def add_checkpoint(self, body: bytes) -> Reply:
        """Cosign a checkpoint that continues the last one, and remember it first."""
        try:
            submitted = self._read(body)
            with self._memory.turn() as turn:
                _refuse_inconsistent(submitted, _latest(turn, submitted.head.origin))
                line = self._keep(turn, submitted)
        except Refused as refused:
            return refused.reply
        except FAILURES as failure:
            return _unable(failure)
        return Reply(HTTPStatus.OK, line)

    def checkpoint(self, origin_hash: str) -> Reply:
        """Return the newest checkpoint of the log with this SHA-256 of its origin."""
        origin = self._origins.get(origin_hash)
        try:
            with self._memory.turn() as turn:
                note = turn.latest(origin) if origin else ""
        except FAILURES as failure:
            return _unable(failure)
        if note:
            return Reply(HTTPStatus.OK, note)
        return Reply(HTTPStatus.NOT_FOUND, "no checkpoint of this log was cosigned\n")

    def _read(self, body: bytes) -> Submission:
        try:
            submitted = parse_submission(body)
        except NoteRefused as problem:
            raise Refused(HTTPStatus.BAD_REQUEST, str(problem)) from None
        head = submitted.head
        if head.origin not in self._logs:
            raise Refused(HTTPStatus.NOT_FOUND, f"{head.origin} is no log known here")
        try:
            open_note(submitted.note, self._logs[head.origin])
        except NoteRefused as problem:
            raise Refused(HTTPStatus.FORBIDDEN, str(problem)) from None
        if submitted.old > head.size:
            why = f"the old size {submitted.old} is above the checkpoint's {head.size}"
            raise Refused(HTTPStatus.BAD_REQUEST, why)
        return submitted

    def _keep(self, turn: Turn, submitted: Submission) -> str:
        """Remember a checkpoint with its cosignature; return the latter's line."""
        head, seconds = submitted.head, int(self._clock())
        opened = open_note(submitted.note, self._logs[head.origin])
        cosignature = cosign(opened.text, self.signer, seconds=seconds)
        kept = Note(opened.text, (*opened.signatures, cosignature))
        turn.keep(head.origin, size=head.size, note=str(kept), at=seconds)
        return cosignature.line


def _unable(failure: Exception) -> Reply:
    why = f"this witness cannot remember anything just now: {failure}\n"
    return Reply(HTTPStatus.SERVICE_UNAVAILABLE, why)


def _latest(turn: Turn, origin: str) -> Checkpoint:
    note = turn.latest(origin)
    if not note:
        return Checkpoint(origin, 0, EMPTY_ROOT)
    return parse_checkpoint(parse_note(note).text)


def _refuse_inconsistent(submitted: Submission, latest: Checkpoint) -> None:
    if submitted.old != latest.size:
        raise Refused(HTTPStatus.CONFLICT, str(latest.size), SIZE)
    try:
        check_consistency(
            old=latest.size,
            old_root=latest.root,
            size=submitted.head.size,
            root=submitted.head.root,
            proof=submitted.proof,
        )
    except ProofFails as problem:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem)) from None
