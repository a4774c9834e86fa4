"""The departments over HTTP: a client for each, so that one cannot hold up another."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import httpx

from services.departments.gateways.contract import (
    CODES,
    HUB,
    UNAVAILABLE,
    Answer,
    Behaviour,
    Deposit,
    Question,
    Receipt,
    Seen,
)
from services.departments.gateways.envelope import (
    EnvelopeRefused,
    open_envelope,
    read,
    verify,
    write,
)
from services.departments.gateways.keys import KeysUnreadable, public_keys
from services.departments.gateways.line import CallFailed, Clients, call
from services.departments.gateways.upkeep import Upkeep
from services.departments.gateways.wire import (
    Shape,
    ShapeUnknown,
    checked,
    deposit_to_json,
    question_to_json,
)
from services.departments.hub import speaker

logger = logging.getLogger(__name__)
T = TypeVar("T")

AT_ONCE = 500  # questions or certificates in one call
KEPT: Shape = {"department": str, "kept": list}
OUTCOMES = {code: outcome for outcome, codes in CODES.items() for code in codes}


class HttpGateway:
    """Asks the service at `base_url`; safe to use from many threads."""

    def __init__(self, base_url: str, *, answers_url: str = "") -> None:
        self._clients = Clients(base_url)
        self._upkeep = Upkeep(base_url)
        self._answers_url = answers_url

    def ask_many(
        self,
        *,
        department: str,
        questions: Sequence[Question],
        now: datetime,  # noqa: ARG002  theirs counts
    ) -> list[Answer]:
        """Return what the department answers; whatever goes wrong is an answer too."""
        answers: list[Answer] = []
        for some in _batches(questions):
            try:
                answers += self._ask(department, some)
            except CallFailed as failed:
                answers += _failed(failed, some, via=speaker(department))
        return answers

    def deposit(
        self,
        *,
        deposits: Sequence[Deposit],
        now: datetime,  # noqa: ARG002
    ) -> Receipt:
        """Return what is now known to be kept, or why nothing is known."""
        kept: set[str] = set()
        lost = ""
        for some in _batches(deposits):
            department = some[0].department
            try:
                kept |= self._deposit(department, some)
            except CallFailed as failed:
                logger.info("%s kept nothing: %s", department, failed)
                lost = failed.code if OUTCOMES[failed.code] == UNAVAILABLE else lost
        return Receipt(kept, "" if kept else lost)

    def known_number(
        self, *, department: str, material: str, number: str, entity: str
    ) -> bool:
        """Return whether the department says that it knows the number."""
        client = self._clients.of(department)
        asked = {"material": material, "number": number, "entity": entity}
        url = f"/departments/{department}/numbers"
        try:
            body, _ = call(client, client.build_request("GET", url, params=asked))
            return read(body) == {"known": True}
        except (CallFailed, ValueError):
            return False

    def journal(self, *, department: str, since: datetime) -> list[Seen]:
        """Return which request ids the department has seen since then."""
        return self._upkeep.journal(department, since)

    def late_answers(
        self,
        *,
        now: datetime,  # noqa: ARG002
    ) -> list[tuple[str, Answer]]:
        """Return nothing: departments send their late answers themselves."""
        return []

    def behaviours(self) -> list[Behaviour]:
        """Return how everybody behaves who was ever switched, by code."""
        return self._upkeep.behaviours()

    def behave(self, *, department: str, changes: Mapping[str, Any]) -> Behaviour:
        """Change these members of a department's behaviour."""
        return self._upkeep.behave(department, changes)

    def _ask(self, department: str, questions: Sequence[Question]) -> list[Answer]:
        client = self._clients.of(department)
        body = write(
            {
                "questions": [question_to_json(one) for one in questions],
                "reply_to": self._answers_url,
            }
        )
        received = call(
            client, _post(client, f"/departments/{department}/questions", body)
        )
        try:
            sealed_for, answers = open_envelope(
                received.body,
                received.signature,
                public_keys(),
                hub_speaks=speaker(department) == HUB,
            )
        except (EnvelopeRefused, KeysUnreadable) as refused:
            logger.warning("an answer of %s is not used: %s", department, refused)
            raise CallFailed("GARBLED", _reason(refused)) from refused
        if sealed_for != department:
            raise CallFailed("GARBLED", "of_another_department")
        return answers

    def _deposit(self, department: str, deposits: Sequence[Deposit]) -> set[str]:
        client = self._clients.of(department)
        body = write({"deposits": [deposit_to_json(one) for one in deposits]})
        received = call(
            client, _post(client, f"/departments/{department}/deposits", body)
        )
        try:
            verify(received.body, received.signature, public_keys()[department])
            said = checked(read(received.body), KEPT)
        except (EnvelopeRefused, KeysUnreadable, KeyError, ValueError) as refused:
            logger.warning("a receipt of %s is not used: %s", department, refused)
            raise CallFailed("GARBLED", _reason(refused)) from refused
        if said["department"] != department:
            raise CallFailed("GARBLED", "of_another_department")
        return {one.number for one in deposits if one.number in said["kept"]}


def _post(client: httpx.Client, url: str, body: bytes) -> httpx.Request:
    headers = {"Content-Type": "application/json"}
    return client.build_request("POST", url, content=body, headers=headers)


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _reason(refused: Exception) -> str:
    """Return what is wrong with what came, without the member that shows it."""
    if isinstance(refused, EnvelopeRefused):
        return refused.reason.partition(":")[0]
    if isinstance(refused, ShapeUnknown):
        return "unknown_shape"
    return "not_json" if isinstance(refused, ValueError) else "keys_unreadable"


def _failed(
    failed: CallFailed, questions: Sequence[Question], *, via: str
) -> list[Answer]:
    code, reason = failed.code, failed.reason
    outcome = OUTCOMES[code]
    return [
        Answer(one.request_id, outcome, code, via=via, reason=reason)
        for one in questions
    ]
