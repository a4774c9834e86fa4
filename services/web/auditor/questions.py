"""Saved questions in plain words, and their answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from services.catalogue.queries import one_catalogue
from services.common.errors import InvalidInput
from services.ledger.operations.look import look_at_log
from services.ledger.questions import Span
from services.web.answers import answer
from services.web.auditor.answers import Answer
from services.web.auditor.filters import Asked, read_filters
from services.web.auditor.saved import QUESTIONS, Question
from services.web.problems import tell
from services.web.seat import SeatedRequest, seated
from services.web.typed import whole_number

DAYS = (1, 7, 30, 90, 365)
USUAL = 30


@require_GET
@seated("see_log")
def all_questions(request: SeatedRequest) -> HttpResponse:
    """List the questions."""
    context = {"questions": QUESTIONS.values(), "here": "questions"}
    return answer(request, "auditor/questions.html", context)


@require_GET
@seated("see_log")
def one_question(request: SeatedRequest, code: str) -> HttpResponse:
    """Ask one question about the last days."""
    question, days, now = find_question(code), days_of(request), timezone.now()
    about, told, found = company_of(request, question), None, Answer()
    try:
        licence = about.check().licence
    except InvalidInput as error:
        told = tell(error)
    else:
        at = {"question": code, "days": str(days), **about.noted()}
        look_at_log(actor=request.actor, now=now, at=at, subject=about.subject)
        found = ask(question, days, now, licence=licence)
    context = {
        "question": question,
        "days": days,
        "choices": DAYS,
        "licence": about.typed["licence"],
        "found": found,
        "here": "questions",
    }
    return answer(request, "auditor/question.html", context, told)


def find_question(code: str) -> Question:
    """Return a question, or answer that there is no such page."""
    if code not in QUESTIONS:
        raise Http404(code)
    return QUESTIONS[code]


def days_of(request: HttpRequest) -> int:
    """Return about how many days it is asked; the usual ones unless one may choose."""
    days = whole_number(request.GET.get("days", ""))
    return days if days in DAYS else USUAL


def company_of(request: HttpRequest, question: Question) -> Asked:
    """Return about which company it is asked; about all unless it may be chosen."""
    licence = request.GET.get("licence", "") if question.of_companies else ""
    return read_filters({"licence": licence})


def ask(question: Question, days: int, now: datetime, *, licence: str = "") -> Answer:
    """Return the answer about the last days, up to and including now."""
    until = now + timedelta(microseconds=1)
    with one_catalogue():
        return question.ask(Span(now - timedelta(days=days), until, licence), now)
