"""What a department is asked and what it may answer (domain.md §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from services.common.subjects import Subject

FOUND = "FOUND"
NOT_FOUND = "NOT_FOUND"
UNAVAILABLE = "UNAVAILABLE"
REFUSED = "REFUSED"
DEFERRED = "DEFERRED"

# Which closed codes belong to which outcome; FOUND has none.
CODES: Mapping[str, tuple[str, ...]] = {
    FOUND: ("",),
    NOT_FOUND: ("NO_RECORD", "EXPIRED", "REVOKED", "HOLDER_MISMATCH"),
    UNAVAILABLE: ("TIMEOUT", "CONNECTION", "SERVER_ERROR", "GARBLED", "INCOMPLETE"),
    REFUSED: ("NOT_AUTHENTICATED", "NOT_AUTHORISED", "INVALID_REQUEST"),
    DEFERRED: ("ACCEPTED_FOR_LATER",),
}


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


class Gateway(Protocol):
    """In process or over the wire: the same promises."""

    def ask_many(
        self, *, department: str, questions: Sequence[Question], now: datetime
    ) -> list[Answer]:
        """
        Return one answer per question, in any order; never raise, never leave one out.

        Whatever goes wrong is an answer with outcome UNAVAILABLE or REFUSED.
        """

    def deposit(self, *, deposits: Sequence[Deposit], now: datetime) -> set[str]:
        """Return the numbers that are now kept. Idempotent by number."""

    def known_number(
        self, *, department: str, material: str, number: str, entity: str
    ) -> bool:
        """Return whether the department knows this number for this company."""
