"""
What a department answers about one question, given what it holds. Pure.

The best record wins: one good record makes the answer FOUND whatever else is there;
without one, the reason nearest to good is given (expired before revoked before
somebody else's before none).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from services.common.subjects import Subject, fold
from services.departments.gateways.contract import (
    FOUND,
    NOT_FOUND,
    REFUSED,
    Answer,
    HeldRecord,
    Question,
)

VALID = "valid"
COMPANIES = ("entity", "other_entity")
NAMED = ("entity", "premises")
REASONS = ("EXPIRED", "REVOKED", "HOLDER_MISMATCH")


class Holding(NamedTuple):
    """One row of a department's register."""

    material: str
    number: str
    subject_kind: str
    subject_key: str
    entity: str
    holder_name: str
    issued_on: date
    valid_until: date | None
    status: str
    attributes: Mapping[str, str]

    @property
    def subject(self) -> Subject:
        return Subject(self.subject_kind, self.subject_key)


class Verdict(NamedTuple):
    """What one holding is worth for one question."""

    reason: str  # "" = good
    under_former_name: bool


class Shelf:
    """Holdings, found by material and by what they are about."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self._by_subject: dict[tuple[str, Subject], list[Holding]] = {}
        self._by_entity: dict[tuple[str, str], list[Holding]] = {}
        for holding in holdings:
            key = (holding.material, holding.subject)
            self._by_subject.setdefault(key, []).append(holding)
            owner = (holding.material, holding.entity)
            self._by_entity.setdefault(owner, []).append(holding)

    def candidates(self, question: Question) -> list[Holding]:
        """Return what may answer; for a company, also whatever concerns it."""
        material, subject = question.material, question.subject
        kinds = COMPANIES if subject.kind in COMPANIES else (subject.kind,)
        found: list[Holding] = []
        for kind in kinds:
            found += self._by_subject.get((material, Subject(kind, subject.key)), [])
        if subject.kind in COMPANIES:
            owned = self._by_entity.get((material, subject.key), [])
            found += [holding for holding in owned if holding not in found]
        return found


def answer_question(question: Question, held: list[Holding], today: date) -> Answer:
    """
    Return FOUND with every good record, or NOT_FOUND with the nearest reason.

    Nobody is told anything who does not say that somebody asked for it.
    """
    if not question.explicit_request:
        return Answer(question.request_id, REFUSED, "INVALID_REQUEST")
    verdicts = [(holding, _judge(question, holding, today)) for holding in held]
    good = [(holding, verdict) for holding, verdict in verdicts if not verdict.reason]
    if good:
        good.sort(key=lambda pair: (pair[1].under_former_name, _age(pair[0])))
        return Answer(
            request_id=question.request_id,
            outcome=FOUND,
            records=tuple(_show(holding) for holding, _ in good),
            under_former_name=all(verdict.under_former_name for _, verdict in good),
        )
    reasons = {verdict.reason for _, verdict in verdicts}
    code = next((reason for reason in REASONS if reason in reasons), "NO_RECORD")
    return Answer(request_id=question.request_id, outcome=NOT_FOUND, code=code)


def _judge(question: Question, holding: Holding, today: date) -> Verdict:
    if not _belongs(question, holding):
        return Verdict("HOLDER_MISMATCH", under_former_name=False)
    name = _name_fits(question, holding)
    if name == "other":
        return Verdict("HOLDER_MISMATCH", under_former_name=False)
    former = name == "former"
    if holding.status != VALID:
        return Verdict("REVOKED", former)
    if holding.valid_until is not None and holding.valid_until < today:
        return Verdict("EXPIRED", former)
    return Verdict("", former)


def _belongs(question: Question, holding: Holding) -> bool:
    """Say whether the record is the asker's; one without a company is nobody's."""
    return holding.entity in ("", owner_of(question))


def owner_of(question: Question) -> str:
    """Return whose record is asked for: the asker's, or the other company's."""
    subject = question.subject
    return subject.key if subject.kind == "other_entity" else question.entity


def _name_fits(question: Question, holding: Holding) -> str:
    """Compare names where the record is in the company's own name."""
    own = question.subject.kind in NAMED and holding.subject_kind in NAMED
    if not (own and holding.holder_name and question.holder_name):
        return "same"
    name = fold(holding.holder_name)
    if name == fold(question.holder_name):
        return "same"
    former = {fold(text) for text in question.former_names}
    return "former" if name in former else "other"


def _age(holding: Holding) -> int:
    """Order the newest first."""
    return -holding.issued_on.toordinal()


def _show(holding: Holding) -> HeldRecord:
    return HeldRecord(
        number=holding.number,
        holder_name=holding.holder_name,
        entity=holding.entity,
        issued_on=holding.issued_on,
        valid_until=holding.valid_until,
        attributes=holding.attributes,
    )
