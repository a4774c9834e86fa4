"""A company asks about an access to its data; the office answers in working days."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from services.cases.access_questions import (
    office_of,
    officer_for,
    question_entry,
    words,
)
from services.cases.models import AccessQuestion
from services.cases.queries.footprint import find_access
from services.cases.working_calendar import working_calendar
from services.common.actors import Actor
from services.common.errors import DomainError
from services.ledger.operations.record import record
from services.registry.models import Entity

ANSWER_DAYS = 5  # working days, as for a data dispute
HALL_NAME = "综合窗口"


class AlreadyAsked(DomainError):
    """The company's question about this access waits for its answer."""

    code = "access_already_asked"


class OwnAccess(DomainError):
    """Somebody of the company itself looked; there is nobody to ask."""

    code = "access_was_your_own"


def ask_about_access(
    *, entity: Entity, entry: int, text: str, actor: Actor, now: datetime
) -> AccessQuestion:
    """
    Ask the office that looked why it did.

    :raises AccessUnknown: if this is no access to the company's data.
    :raises InvalidInput: if nothing is asked, or too much.
    :raises OwnAccess: if somebody of the company looked.
    :raises AlreadyAsked: if the answer to the same is still due.
    """
    access = find_access(entity.uscc, entry)
    if access.own:
        raise OwnAccess(str(entry))
    today = timezone.localdate(now)
    office = office_of(access.line)
    officer = officer_for(office, access.line)
    question = AccessQuestion(
        entity=entity,
        entry_id=entry,
        text=words(text, "/text"),
        asked_by=actor.id,
        asked_at=now,
        due_on=working_calendar().add_working_days(today, ANSWER_DAYS),
        office=office,
        assignee=officer,
        assignee_name=str(officer or office or HALL_NAME),
    )
    said = {"text": question.text, "due": str(question.due_on)}
    try:
        with transaction.atomic():
            question.save()
            record(
                question_entry("access.asked", question, access.line, actor, **said),
                at=now,
            )
    except IntegrityError:
        raise AlreadyAsked(str(entry)) from None
    return question
