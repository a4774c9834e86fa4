"""What a department is asked and what it may answer (domain.md §4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from services.common.errors import DomainError
from services.common.subjects import Subject

FOUND = "FOUND"
NOT_FOUND = "NOT_FOUND"
UNAVAILABLE = "UNAVAILABLE"
REFUSED = "REFUSED"
DEFERRED = "DEFERRED"

# How long we wait: to be let in, for the next bytes, and for all of an answer.
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 2, 5, 10
NO_DIGEST = "none"  # an answer from the wire that does not say what it answers
HUB = "hub"  # 公共数据平台: stands before departments as one of them

# Which closed codes belong to which outcome; FOUND has none.
CODES: Mapping[str, tuple[str, ...]] = {
    FOUND: ("",),
    NOT_FOUND: ("NO_RECORD", "EXPIRED", "REVOKED", "HOLDER_MISMATCH"),
    UNAVAILABLE: ("TIMEOUT", "CONNECTION", "SERVER_ERROR", "GARBLED", "INCOMPLETE"),
    REFUSED: ("NOT_AUTHENTICATED", "NOT_AUTHORISED", "INVALID_REQUEST"),
    DEFERRED: ("ACCEPTED_FOR_LATER",),
}


# Why all that a call brought is GARBLED: a closed list, for the log and for operators.
# What may be wrong with one answer among others stands in services.exchange.answers.
GARBAGE = (
    "cut_short",
    "keys_unreadable",  # ours
    "no_http",
    "not_json",
    "of_another_department",
    "sealed_by_another",
    "too_large",
    "unexpected_status",
    "unknown_department",
    "unknown_shape",
    "wrong_signature",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one department about one subject."""

    request_id: str
    material: str
    subject: Subject  # key "" never occurs: then the subject is the entity
    entity: str  # licence number of the company the case is for
    holder_name: str
    former_names: tuple[str, ...]
    purpose: str
    basis: str
    explicit_request: bool = True  # somebody asked for it, for this draft or case


def question_digest(question: Question) -> str:
    """Return the SHA-256, in hex, of what was asked: the same for every attempt."""
    members = {name: getattr(question, name) for name in Question.__slots__}
    canonical = json.dumps(
        members, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One record that a department showed us."""

    number: str
    holder_name: str
    entity: str
    issued_on: date
    valid_until: date | None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the five outcomes, bound to the question's request id."""

    request_id: str
    outcome: str
    code: str = ""
    records: tuple[HeldRecord, ...] = ()
    answer_at: datetime | None = None  # DEFERRED: ask again then
    snapshot_at: datetime | None = None  # a hub's copy: how old it is
    under_former_name: bool = False  # FOUND, but under a name of the past (校核)
    via: str = ""  # HUB: a copy of the hub's, or its failure
    digest: str = ""  # of the question; over the wire always there
    reason: str = ""  # GARBLED: what we saw; never said over the wire


@dataclass(frozen=True, slots=True)
class Deposit:
    """A certificate that goes to the office that keeps it."""

    department: str
    material: str
    number: str
    subject: Subject
    entity: str
    holder_name: str
    issued_on: date
    valid_until: date | None
    attributes: Mapping[str, str] = field(default_factory=dict)
    replaces: str = ""  # number of the certificate that a renewal supersedes


class Receipt(NamedTuple):
    """What a department says to certificates that it has to keep."""

    kept: Set[str]  # numbers
    lost: str = ""  # why nobody said anything: the code of a call that brought nothing


@dataclass(frozen=True, slots=True)
class Seen:
    """What a department's own journal says about one request id of ours."""

    request_id: str  # of a deposit: the certificate's number
    kind: str  # "question" or "deposit"
    department: str
    times: int
    effects: int  # how often it changed what the department holds
    first_at: datetime
    last_at: datetime
    outcome: str  # of the last time


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a department's system, or the hub, behaves at present."""

    department: str
    mode: str  # of services.departments.faults
    latency_ms: int
    p99_ms: int
    defer_seconds: int
    seed: int
    switched_at: datetime | None


class DepartmentsUnreachable(DomainError):
    """The departments' service does not answer, or not as it should."""

    code = "departments_unreachable"


class Gateway(Protocol):
    """In process or over the wire: the same promises."""

    def ask_many(
        self, *, department: str, questions: Sequence[Question], now: datetime
    ) -> list[Answer]:
        """
        Return what the department answered, in any order; never raise.

        Whatever goes wrong with the call is an answer to each question, with outcome
        UNAVAILABLE or REFUSED. What the department itself leaves out, says twice or
        says to another's request id is returned as it came: it is foreign data.
        """

    def deposit(self, *, deposits: Sequence[Deposit], now: datetime) -> Receipt:
        """
        Return what the department that they all belong to keeps now; never raise.

        Idempotent by number.
        """

    def known_number(
        self, *, department: str, material: str, number: str, entity: str
    ) -> bool:
        """Return whether the department knows this number for this company."""

    def journal(self, *, department: str, since: datetime) -> list[Seen]:
        """
        Return which request ids the department has seen since then.

        :raises DepartmentsUnreachable: if nobody answers.
        """

    def late_answers(self, *, now: datetime) -> list[tuple[str, Answer]]:
        """Return each answer that came after its call, once, with its department."""

    def behaviours(self) -> list[Behaviour]:
        """
        Return how everybody behaves who was ever switched, by code.

        :raises DepartmentsUnreachable: if nobody answers.
        """

    def behave(self, *, department: str, changes: Mapping[str, Any]) -> Behaviour:
        """
        Change these members of a department's behaviour.

        :raises DepartmentsUnreachable: if nobody answers.
        """
