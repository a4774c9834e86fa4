"""
Which answers may be used, and what is wrong with the others. Pure.

A department's answer is foreign data: one to another's request, about somebody else
or of a shape we do not know is set aside with its reason and counts as GARBLED.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.departments.gateways.contract import (
    CODES,
    DEFERRED,
    FOUND,
    NO_DIGEST,
    UNAVAILABLE,
    Answer,
    HeldRecord,
    Question,
    question_digest,
)

AS_TOLD = "as_told"  # the hub says it of the department; it does not say more


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An answer that is not used; `request_id` is ours where we can tell."""

    request_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """One usable answer per question, and what was set aside."""

    answers: Mapping[str, Answer]
    quarantined: tuple[Quarantined, ...]

    def lost_call(self) -> Answer | None:
        """
        Return one answer for all, if the call as a whole brought nothing.

        A bad answer to a question of ours, or none to it, is that question's affair:
        whoever sent it was there.
        """
        there = any(one.request_id for one in self.quarantined) or any(
            answer.outcome != UNAVAILABLE or answer.code == "INCOMPLETE"
            for answer in self.answers.values()
        )
        return None if there else next(iter(self.answers.values()), None)


def sort_answers(
    questions: Sequence[Question], answers: Iterable[object], today: date
) -> Sorted:
    """Return one answer for every question, whatever the department sent."""
    asked = {question.request_id: question for question in questions}
    good: dict[str, Answer] = {}
    aside: list[Quarantined] = []
    for answer in answers:
        question, reason = _check(asked, answer, today)
        if question is None:
            aside.append(Quarantined("", reason))
        elif reason or good.get(question.request_id, answer) != answer:
            reason = reason or "answered_twice_differently"
            aside.append(Quarantined(question.request_id, reason))
            good[question.request_id] = garbled(question.request_id, reason)
        elif isinstance(answer, Answer):
            good[question.request_id] = answer
    strays = (one.reason for one in aside if not one.request_id)
    why = next(strays, "left_out")
    for name in asked:
        missing = garbled(name, why) if aside else unavailable(name, "INCOMPLETE")
        good.setdefault(name, missing)
    return Sorted(answers=good, quarantined=tuple(aside))


def unavailable(request_id: str, code: str) -> Answer:
    """Return the answer of nobody."""
    return Answer(request_id=request_id, outcome=UNAVAILABLE, code=code)


def garbled(request_id: str, reason: str) -> Answer:
    """Return what is left of an answer that is not used."""
    return Answer(request_id, UNAVAILABLE, "GARBLED", reason=reason)


def why_garbled(answer: Answer) -> str:
    """Return why an answer counts as garbled; empty if it does not."""
    if answer.code != "GARBLED":
        return ""
    return answer.reason or AS_TOLD


def _check(
    asked: Mapping[str, Question], answer: object, today: date
) -> tuple[Question | None, str]:
    if not isinstance(answer, Answer):
        return None, "not_an_answer"
    question = asked.get(answer.request_id)
    if question is None:
        return None, "of_another_request"
    return question, _fault(question, answer, today)


def _fault(question: Question, answer: Answer, today: date) -> str:
    """Return what is wrong with an answer to this question, or an empty text."""
    if answer.digest and answer.digest != question_digest(question):
        unbound = answer.digest == NO_DIGEST
        return "without_digest" if unbound else "answers_another_question"
    if answer.code not in CODES.get(answer.outcome, ()):
        return "unknown_outcome"
    if (answer.outcome == FOUND) != bool(answer.records):
        return "records_contradict_outcome"
    if (answer.outcome == DEFERRED) != _is_instant(answer.answer_at):
        return "time_contradicts_outcome"
    if answer.snapshot_at is not None and not _is_instant(answer.snapshot_at):
        return "snapshot_is_no_time"
    faults = (_record_fault(question, record, today) for record in answer.records)
    return next((fault for fault in faults if fault), "")


def _record_fault(question: Question, record: object, today: date) -> str:
    if not isinstance(record, HeldRecord) or not record.number:
        return "record_without_number"
    if not isinstance(record.attributes, Mapping):
        return "record_without_attributes"
    if not (_is_day(record.issued_on) and _is_day(record.valid_until or today)):
        return "record_without_date"
    if record.entity not in ("", question.entity, question.subject.key):
        return "about_another_company"
    if record.valid_until is not None and record.valid_until < today:
        return "shown_as_good_but_expired"
    return ""


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_instant(value: object) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None
