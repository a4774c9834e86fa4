"""Keep answers that come after their call has timed out, and hand them over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F

from services.departments.gateways.contract import Answer, Question, question_digest
from services.departments.gateways.wire import answer_from_json, answer_to_json
from services.departments.models import LateAnswer

TRIES = 8
PAUSE = timedelta(seconds=5)
AT_ONCE = 200


def keep_late(
    *,
    department: str,
    questions: Sequence[Question],
    answers: Sequence[Answer],
    due_at: datetime,
    reply_to: str,
) -> None:
    """Keep each answer until its time; one that waits already keeps its own."""
    digests = {one.request_id: question_digest(one) for one in questions}
    LateAnswer.objects.bulk_create(
        [
            LateAnswer(
                request_id=answer.request_id,
                department=department,
                answer=answer_to_json(
                    replace(answer, digest=digests[answer.request_id])
                ),
                due_at=due_at,
                reply_to=reply_to,
            )
            for answer in answers
        ],
        ignore_conflicts=True,
    )


def hand_over(*, now: datetime) -> list[tuple[str, Answer]]:
    """Return the answers whose time has come, each once, with its department."""
    waiting = LateAnswer.objects.filter(handed_over_at__isnull=True)
    return [
        (late.department, answer_from_json(late.answer))
        for late in waiting.filter(due_at__lte=now).order_by("due_at", "request_id")
        if waiting.filter(pk=late.pk).update(handed_over_at=now)
    ]


class Parcel(NamedTuple):
    """Late answers of one department that go to one address together."""

    department: str
    reply_to: str
    answers: dict[str, Answer]  # by request id


def parcels(*, now: datetime) -> list[Parcel]:
    """Return what is to be sent now, a few hundred answers at a time."""
    due = LateAnswer.objects.filter(
        handed_over_at__isnull=True, due_at__lte=now, attempts_made__lt=TRIES
    )
    found: dict[tuple[str, str], Parcel] = {}
    for late in due.exclude(reply_to="").order_by("due_at", "request_id")[:AT_ONCE]:
        key = (late.department, late.reply_to)
        parcel = found.setdefault(key, Parcel(*key, {}))
        parcel.answers[late.request_id] = answer_from_json(late.answer)
    return list(found.values())


def note_sending(*, parcel: Parcel, arrived: bool, now: datetime) -> None:
    """Note that a parcel has arrived, or that it is to be sent once more, later."""
    sent = LateAnswer.objects.filter(request_id__in=list(parcel.answers))
    sent.update(
        attempts_made=F("attempts_made") + 1,
        due_at=now + PAUSE,
        handed_over_at=now if arrived else None,
    )
