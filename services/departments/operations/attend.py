"""What a department does with questions, in process and behind HTTP alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

from services.common.among import among, listed
from services.common.statements import fetch
from services.departments.faults import (
    UNSEEN,
    Mode,
    spoil_answers,
    spoil_holdings,
)
from services.departments.gateways.contract import DEFERRED, Answer, Question
from services.departments.gateways.judging import Holding, Shelf, answer_question
from services.departments.models import Profile
from services.departments.operations.defer import promise_times
from services.departments.operations.late import keep_late
from services.departments.operations.note import note_questions
from services.departments.reply import Reply, Terms, conclude, meet
from services.departments.router import ALIAS

HELD = """
SELECT material, number, subject_kind, subject_key, entity, holder_name,
       issued_on, valid_until, status, attributes
  FROM departments_record
 WHERE department = %s AND material {among}
   AND (subject_key {among} OR entity {among})
"""


def attend(*, profile: Profile, questions: Sequence[Question], terms: Terms) -> Reply:
    """Answer questions as the department's present behaviour has it."""
    now = terms.now
    reply = meet(profile, call=questions[0].request_id, terms=terms)
    if reply.mode in UNSEEN:
        return reply
    answers = _answers(profile, reply.mode, questions, now)
    note_questions(department=profile.department, answers=answers, now=now)
    if reply.mode == Mode.LATE:
        due_at = now + timedelta(seconds=profile.defer_seconds)
        keep_late(
            department=profile.department,
            questions=questions,
            answers=answers,
            due_at=due_at,
            reply_to=terms.reply_to,
        )
    sent = spoil_answers(reply.mode, answers, seed=profile.seed)
    return replace(reply, answers=sent)


def _answers(
    profile: Profile, mode: Mode, questions: Sequence[Question], now: datetime
) -> list[Answer]:
    """Return one answer per question, as the department means it."""
    if mode == Mode.NOT_AUTHORISED:
        return conclude(mode, questions)
    later = _promises(profile, questions, now) if mode == Mode.DEFERRED else []
    promised = {answer.request_id for answer in later}
    due = [one for one in questions if one.request_id not in promised]
    shelf = Shelf(_holdings(profile.department, due) if due else ())
    today = timezone.localdate(now)
    return later + [
        answer_question(
            one, spoil_holdings(mode, one, shelf.candidates(one), today), today
        )
        for one in due
    ]


def _promises(
    profile: Profile, questions: Sequence[Question], now: datetime
) -> list[Answer]:
    """Return a promise for each question whose time has not come."""
    times = promise_times(
        request_ids=[question.request_id for question in questions],
        answer_at=now + timedelta(seconds=profile.defer_seconds),
    )
    return [
        Answer(
            request_id=question.request_id,
            outcome=DEFERRED,
            code="ACCEPTED_FOR_LATER",
            answer_at=times[question.request_id],
        )
        for question in questions
        if times[question.request_id] > now
    ]


def _holdings(department: str, questions: Sequence[Question]) -> list[Holding]:
    """Read everything that may answer these questions, in one statement."""
    connection = connections[ALIAS]
    keys = listed(connection, {question.subject.key for question in questions})
    materials = listed(connection, {question.material for question in questions})
    held = HELD.format(among=among(connection))
    rows = fetch(connection, held, [department, materials, keys, keys])
    return [Holding._make((*row, json.loads(attributes))) for *row, attributes in rows]
