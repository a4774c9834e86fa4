"""The simulated departments, called in process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from services.departments.gateways.contract import (
    DEFERRED,
    REFUSED,
    UNAVAILABLE,
    Answer,
    Deposit,
    Question,
    Seen,
)
from services.departments.gateways.judging import Holding, Shelf, answer_question
from services.departments.models import Profile, Record
from services.departments.operations.defer import promise_times
from services.departments.operations.deposit import keep_deposits
from services.departments.operations.late import hand_over
from services.departments.queries import journal

Mode = Profile.Mode
KEEPS = (Mode.UP, Mode.DEFERRED)


class LocalGateway:
    """Answers from the departments' own database; `time_scale` 0 answers at once."""

    def __init__(
        self, *, time_scale: float = 0, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._time_scale = time_scale
        self._sleep = sleep

    def ask_many(
        self, *, department: str, questions: Sequence[Question], now: datetime
    ) -> list[Answer]:
        """Return one answer per question; whatever goes wrong is an answer too."""
        try:
            profile = self._profile(department)
            if profile.mode == Mode.DOWN:
                return _same(questions, UNAVAILABLE, "CONNECTION")
            self._wait(profile)
            if profile.mode == Mode.NOT_AUTHORISED:
                return _same(questions, REFUSED, "NOT_AUTHORISED")
            return self._answer(profile, questions, now)
        except DatabaseError:
            return _same(questions, UNAVAILABLE, "SERVER_ERROR")

    def deposit(self, *, deposits: Sequence[Deposit], now: datetime) -> set[str]:
        """Return the numbers that are now kept; who is down keeps none."""
        wanted = {deposit.department for deposit in deposits}
        away = set(
            Profile.objects.filter(department__in=wanted)
            .exclude(mode__in=KEEPS)
            .values_list("department", flat=True)
        )
        return keep_deposits(
            deposits=[row for row in deposits if row.department not in away], now=now
        )

    def known_number(
        self, *, department: str, material: str, number: str, entity: str
    ) -> bool:
        """Return whether the number stands in the register, good or not."""
        if self._profile(department).mode not in KEEPS:
            return False
        return Record.objects.filter(
            department=department,
            material=material,
            number=number,
            entity__in=["", entity],
        ).exists()

    def journal(self, *, department: str, since: datetime) -> list[Seen]:
        """Return which request ids the department has seen since then."""
        return journal(department=department, since=since)

    def late_answers(self, *, now: datetime) -> list[tuple[str, Answer]]:
        """Return each answer that came after its call, once, with its department."""
        return hand_over(now=now)

    def _answer(
        self, profile: Profile, questions: Sequence[Question], now: datetime
    ) -> list[Answer]:
        later: list[Answer] = []
        if profile.mode == Mode.DEFERRED:
            later = _defer(profile, questions, now)
            promised = {answer.request_id for answer in later}
            questions = [q for q in questions if q.request_id not in promised]
        shelf = Shelf(_holdings(profile.department, questions)) if questions else None
        today = timezone.localdate(now)
        answers = [
            answer_question(question, shelf.candidates(question), today)
            for question in questions
            if shelf is not None
        ]
        if profile.mode == Mode.WRONG_REQUEST_ID:
            answers = [replace(a, request_id=f"{a.request_id}x") for a in answers]
        return later + answers

    def _profile(self, department: str) -> Profile:
        stored = Profile.objects.filter(department=department).first()
        return stored or Profile(department=department)

    def _wait(self, profile: Profile) -> None:
        """Take the department's time once per call, however many questions."""
        seconds = profile.latency_ms / 1000 * self._time_scale
        if seconds:
            self._sleep(seconds)


def _same(questions: Sequence[Question], outcome: str, code: str) -> list[Answer]:
    return [
        Answer(request_id=q.request_id, outcome=outcome, code=code) for q in questions
    ]


def _defer(
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
    keys = {question.subject.key for question in questions}
    rows = Record.objects.filter(
        Q(subject_key__in=keys) | Q(entity__in=keys),
        department=department,
        material__in={question.material for question in questions},
    )
    return [Holding(*row) for row in rows.values_list(*Holding._fields)]
