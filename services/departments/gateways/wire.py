"""
How questions, answers and deposits are written as JSON. Pure.

What is read is foreign: whatever is not of the exact shape is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from services.common.subjects import Subject
from services.departments.gateways.contract import (
    HUB,
    Answer,
    Deposit,
    HeldRecord,
    Question,
)

Json = dict[str, Any]
Shape = Mapping[str, type | tuple[type, ...]]
TEXT_OR_NULL = (str, type(None))

SUBJECT: Shape = {"kind": str, "key": str}
QUESTION: Shape = {
    "request_id": str,
    "material": str,
    "subject": dict,
    "entity": str,
    "holder_name": str,
    "former_names": list,
    "purpose": str,
    "basis": str,
    "explicit_request": bool,
}
DEPOSIT: Shape = {
    "material": str,
    "number": str,
    "subject": dict,
    "entity": str,
    "holder_name": str,
    "issued_on": str,
    "valid_until": TEXT_OR_NULL,
    "attributes": dict,
    "replaces": str,
}
RECORD: Shape = {
    "number": str,
    "holder_name": str,
    "entity": str,
    "issued_on": str,
    "valid_until": TEXT_OR_NULL,
    "attributes": dict,
}
ANSWER: Shape = {
    "request_id": str,
    "digest": str,
    "outcome": str,
    "code": str,
    "records": list,
    "answer_at": TEXT_OR_NULL,
    "snapshot_at": TEXT_OR_NULL,
    "under_former_name": bool,
    "via": str,
}


class ShapeUnknown(ValueError):
    """What was sent is not of the agreed shape."""


def question_to_json(question: Question) -> Json:
    """Return a question as it is sent."""
    return {
        "request_id": question.request_id,
        "material": question.material,
        "subject": _subject_to_json(question.subject),
        "entity": question.entity,
        "holder_name": question.holder_name,
        "former_names": list(question.former_names),
        "purpose": question.purpose,
        "basis": question.basis,
        "explicit_request": question.explicit_request,
    }


def question_from_json(sent: object) -> Question:
    """
    Return the question that was sent.

    :raises ShapeUnknown: if it is none.
    """
    fields = checked(sent, QUESTION)
    names = _texts(fields["former_names"])
    subject = _subject_from_json(fields["subject"])
    return Question(**{**fields, "subject": subject, "former_names": names})


def deposit_to_json(deposit: Deposit) -> Json:
    """Return a deposit as it is sent."""
    return {
        "material": deposit.material,
        "number": deposit.number,
        "subject": _subject_to_json(deposit.subject),
        "entity": deposit.entity,
        "holder_name": deposit.holder_name,
        "issued_on": deposit.issued_on.isoformat(),
        "valid_until": _text(deposit.valid_until),
        "attributes": dict(deposit.attributes),
        "replaces": deposit.replaces,
    }


def deposit_from_json(sent: object, department: str) -> Deposit:
    """
    Return the deposit that was sent to a department.

    :raises ShapeUnknown: if it is none.
    """
    fields = checked(sent, DEPOSIT)
    _texts(fields["attributes"].values())
    return Deposit(
        **{
            **fields,
            "department": department,
            "subject": _subject_from_json(fields["subject"]),
            "issued_on": _day(fields["issued_on"]),
            "valid_until": _day(fields["valid_until"]),
        }
    )


def answer_to_json(answer: Answer) -> Json:
    """Return an answer as it is sent or kept."""
    return {
        "request_id": answer.request_id,
        "digest": answer.digest,
        "outcome": answer.outcome,
        "code": answer.code,
        "records": [_record_to_json(record) for record in answer.records],
        "answer_at": _text(answer.answer_at),
        "snapshot_at": _text(answer.snapshot_at),
        "under_former_name": answer.under_former_name,
        "via": answer.via,
    }


def answer_from_json(sent: object) -> Answer:
    """
    Return the answer that was sent or kept.

    :raises ShapeUnknown: if it is none.
    """
    fields = checked(sent, ANSWER)
    if fields["via"] not in ("", HUB):
        refuse("via")
    return Answer(
        **{
            **fields,
            "records": tuple(map(_record_from_json, fields["records"])),
            "answer_at": instant(fields["answer_at"]),
            "snapshot_at": instant(fields["snapshot_at"]),
        }
    )


def checked(sent: object, shape: Shape) -> Json:
    """
    Return an object that has these members, each of its type, and no other.

    :raises ShapeUnknown: if it has not.
    """
    if not isinstance(sent, dict) or sent.keys() != shape.keys():
        refuse("members")
    for name, kind in shape.items():
        if not isinstance(sent[name], kind):
            refuse(name)
    return sent


def _record_to_json(record: HeldRecord) -> Json:
    return {
        "number": record.number,
        "holder_name": record.holder_name,
        "entity": record.entity,
        "issued_on": record.issued_on.isoformat(),
        "valid_until": _text(record.valid_until),
        "attributes": dict(record.attributes),
    }


def _record_from_json(sent: object) -> HeldRecord:
    fields = checked(sent, RECORD)
    _texts(fields["attributes"].values())
    return HeldRecord(
        **{
            **fields,
            "issued_on": _day(fields["issued_on"]),
            "valid_until": _day(fields["valid_until"]),
        }
    )


def _subject_to_json(subject: Subject) -> Json:
    return {"kind": subject.kind, "key": subject.key}


def _subject_from_json(sent: object) -> Subject:
    return Subject(**checked(sent, SUBJECT))


def _texts(values: Collection[object]) -> tuple[str, ...]:
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        refuse("texts")
    return texts


def _text(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as wrong:
        raise ShapeUnknown("day") from wrong


def instant(text: str | None) -> datetime | None:
    """
    Return the time that was sent.

    :raises ShapeUnknown: if it is none.
    """
    try:
        return datetime.fromisoformat(text) if text is not None else None
    except ValueError as wrong:
        raise ShapeUnknown("instant") from wrong


def refuse(what: str) -> NoReturn:
    """
    Refuse what was sent and name the member at fault.

    :raises ShapeUnknown: always.
    """
    raise ShapeUnknown(what)
