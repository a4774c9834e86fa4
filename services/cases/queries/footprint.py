"""A company's trail of accesses to its data, with what it asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from services.accounts.queries import APPLICANT
from services.cases.models import AccessQuestion, Case
from services.cases.queries.deadline import days_left
from services.common.actors import Actor
from services.common.errors import DomainError
from services.ledger.explore import pseudonyms_of
from services.ledger.queries import LogLine
from services.ledger.trail import FETCHES, LOOKS, access, accesses

PER_PAGE = 50
VIEWS: Mapping[str, Sequence[str]] = {
    "all": LOOKS + FETCHES,
    "people": LOOKS,
    "departments": FETCHES,
}
ANSWERING = ("head_clerk", "reviewer")


class AccessUnknown(DomainError):
    """No such access to this company's data; another company's looks the same."""

    code = "access_unknown"


class Access(NamedTuple):
    """One access; `case` only where it is the company's own."""

    line: LogLine
    case: Case | None
    elsewhere: bool  # it happened in another company's case
    own: bool  # by somebody who acts for the company
    question: AccessQuestion | None  # the newest


class Footprint(NamedTuple):
    """A page of accesses, newest first; `older` is the cursor of the next page."""

    accesses: list[Access]
    older: int | None


def footprint(
    uscc: str, *, view: str = "all", before: int | None = None, limit: int = PER_PAGE
) -> Footprint:
    """Return accesses to a company's data, older than the entry `before`."""
    cases = _cases(uscc)
    lines = accesses(
        names=_names(uscc),
        cases=cases.keys(),
        types=VIEWS[view],
        before=before,
        limit=limit + 1,
    )
    shown = _with_questions(uscc, lines[:limit], cases)
    return Footprint(shown, lines[limit - 1].pk if len(lines) > limit else None)


def find_access(uscc: str, pk: int) -> Access:
    """
    Return one access to a company's data.

    :raises AccessUnknown: if there is none, or it is about another company.
    """
    cases = _cases(uscc)
    line = access(pk, names=_names(uscc), cases=cases.keys())
    if line is None:
        raise AccessUnknown(str(pk))
    return _with_questions(uscc, [line], cases)[0]


def company_of(reference: str) -> str:
    """
    Return whose a case is, as the log names it: "entity:…".

    Nothing if there is no such case, or the log was made to forget the company.
    """
    found = Case.objects.filter(reference=reference).values_list("entity__uscc")
    name = "".join(f"entity:{uscc}" for (uscc,) in found)
    return name if name and pseudonyms_of(name) else ""


def questions_of(uscc: str, pk: int) -> QuerySet[AccessQuestion]:
    """Return all that a company asked about one access, in order."""
    asked = AccessQuestion.objects.filter(entity__uscc=uscc, entry_id=pk)
    return asked.select_related("office").order_by("pk")


def open_questions(actor: Actor) -> QuerySet[AccessQuestion]:
    """Return what this person has to answer, most urgent first."""
    rows = AccessQuestion.objects.filter(answered_at__isnull=True)
    mine = Q(assignee__username=actor.id)
    if actor.role in ANSWERING:
        rows = rows.filter(mine | Q(office=actor.office)) if actor.office else rows
    else:
        rows = rows.filter(mine)
    return rows.select_related("entity", "office").order_by("due_on", "pk")


def days_to_answer(question: AccessQuestion, *, today: date) -> int | None:
    """Return the working days left for an answer, negative once past."""
    answered = question.answered_at is not None
    return days_left(question.due_on, today=today, ended=answered)


def _names(uscc: str) -> tuple[str, str]:
    """Return as whom the log knows a company: applying, or named in others' cases."""
    return f"entity:{uscc}", f"other_entity:{uscc}"


def _cases(uscc: str) -> dict[str, Case]:
    cases = Case.objects.filter(entity__uscc=uscc).select_related("item_version")
    return {case.reference: case for case in cases.defer("item_version__definition")}


def _with_questions(
    uscc: str, lines: Iterable[LogLine], cases: Mapping[str, Case]
) -> list[Access]:
    lines = list(lines)
    asked = AccessQuestion.objects.filter(
        entity__uscc=uscc, entry_id__in=[line.pk for line in lines]
    )
    newest = {question.entry_id: question for question in asked.order_by("pk")}
    return [
        Access(
            line=line,
            case=cases.get(line.case),
            elsewhere=bool(line.case) and line.case not in cases,
            own=line.actor_role == APPLICANT and line.case in cases,
            question=newest.get(line.pk),
        )
        for line in lines
    ]
