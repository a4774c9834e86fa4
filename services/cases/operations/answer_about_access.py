"""The office says why it looked, or its head clerk sees to it that it does."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from services.cases.access_questions import (
    HEAD,
    looked,
    officer_for,
    question_entry,
    words,
)
from services.cases.models import AccessQuestion
from services.cases.queries.footprint import open_questions
from services.common.actors import SYSTEM, Actor
from services.common.errors import DomainError
from services.ledger.operations.record import record
from services.ledger.queries import entry


class AlreadyAnswered(DomainError):
    """Somebody answered first, even a moment ago."""

    code = "question_already_answered"


class NotYourQuestion(DomainError):
    """It waits for somebody else, or asks about this person's own look."""

    code = "not_your_question"


def answer_about_access(
    *, question: AccessQuestion, text: str, actor: Actor, now: datetime
) -> None:
    """
    Answer for the office; nobody answers for a look of one's own.

    :raises AlreadyAnswered: if somebody answered before.
    :raises NotYourQuestion: if it is not theirs to answer.
    :raises InvalidInput: if the answer has no words, or too many.
    """
    if question.answered_at:
        raise AlreadyAnswered(str(question.pk))
    line = entry(question.entry_id)
    theirs = open_questions(actor).filter(pk=question.pk).exists()
    if not theirs or looked(actor.id, line):
        raise NotYourQuestion(str(question.pk))
    answer = words(text, "/answer")
    with transaction.atomic():
        answered = AccessQuestion.objects.filter(
            pk=question.pk, answered_at__isnull=True
        ).update(
            answer=answer,
            answered_by=actor.id,
            answered_by_name=actor.name,
            answered_at=now,
        )
        if not answered:
            raise AlreadyAnswered(str(question.pk))
        record(
            question_entry("access.answered", question, line, actor, answer=answer),
            at=now,
        )


def supervise_questions(*, now: datetime) -> int:
    """Put questions whose time has passed before the head clerk, once each."""
    late = AccessQuestion.objects.filter(
        answered_at__isnull=True,
        supervised_at__isnull=True,
        due_on__lt=timezone.localdate(now),
    ).select_related("entity", "office")
    return sum(_supervise(question, now) for question in late.order_by("pk"))


def _supervise(question: AccessQuestion, now: datetime) -> bool:
    line = entry(question.entry_id)
    head = officer_for(question.office, line, (HEAD,)) or question.assignee
    with transaction.atomic():
        told = AccessQuestion.objects.filter(
            pk=question.pk, answered_at__isnull=True, supervised_at__isnull=True
        ).update(
            supervised_at=now,
            assignee=head,
            assignee_name=str(head or question.assignee_name),
        )
        if told:
            due = str(question.due_on)
            record(
                question_entry("clock.overdue", question, line, SYSTEM, due=due),
                at=now,
            )
    return bool(told)
