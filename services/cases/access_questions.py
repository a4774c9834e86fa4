"""Whose question about an access it is, and how it stands in the log."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from services.accounts.models import User
from services.accounts.queries import duty_officers
from services.cases.models import AccessQuestion, Case
from services.catalogue.models import Office
from services.common.actors import Actor
from services.common.errors import InvalidInput, Problem
from services.ledger.entry import Entry
from services.ledger.explore import pseudonyms_of
from services.ledger.queries import LogLine

LONGEST = 1_000  # characters
HALL = ""
HEAD, REVIEWER = "head_clerk", "reviewer"


def office_of(line: LogLine) -> Office | None:
    """Return whose access it was: the case's office, else that of the entry."""
    case = Case.objects.filter(reference=line.case).select_related("office").first()
    if case and case.office:
        return case.office
    return Office.objects.filter(code=line.office).first()


def officer_for(
    office: Office | None, line: LogLine, roles: Sequence[str] = (HEAD, REVIEWER)
) -> User | None:
    """Return who answers: of the office, else the hall's head; never who looked."""
    posts = [(office.code, role) for role in roles] if office else []
    posts.append((HALL, HEAD))
    on_duty = duty_officers(posts)
    for post in posts:
        officer = on_duty.get(post)
        if officer and not looked(officer.username, line):
            return officer
    return None


def looked(username: str, line: LogLine) -> bool:
    """Tell whether it was this person who looked."""
    return line.actor_key in pseudonyms_of(f"human:{username}")


def words(text: str, pointer: str) -> str:
    """
    Return what somebody wrote.

    :raises InvalidInput: if that is nothing, or too much.
    """
    text = text.strip()
    if not text:
        raise InvalidInput([Problem("words_needed", _("请写明内容。"), pointer)])
    if len(text) > LONGEST:
        said = _("最多 %(most)d 个字，现有 %(n)d 个字。")
        problem = said % {"most": LONGEST, "n": len(text)}
        raise InvalidInput([Problem("words_too_many", problem, pointer)])
    return text


def question_entry(
    event: str, question: AccessQuestion, line: LogLine, actor: Actor, **details: str
) -> Entry:
    """Return an entry about a question: of which access, by whom, for which company."""
    return Entry(
        type=event,
        office=question.office_id or "",
        actor=actor,
        # Of a case only its own clock is overdue: a question is no step of it.
        case="" if event == "clock.overdue" else line.case,
        subject=f"entity:{question.entity.uscc}",
        details={"entry": line.pk, **details},
    )
