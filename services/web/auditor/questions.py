"""Saved questions in plain words, and their answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from services.catalogue.queries import one_catalogue
from services.ledger.operations.look import look_at_log
from services.ledger.questions import Span
from services.web.answers import answer
from services.web.auditor.answers import Answer
from services.web.auditor.saved import QUESTIONS, Question
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
    look_at_log(actor=request.actor, now=now, at={"question": code, "days": days})
    context = {
        "question": question,
        "days": days,
        "choices": DAYS,
        "found": ask(question, days, now),
        "here": "questions",
    }
    return answer(request, "auditor/question.html", context)


def find_question(code: str) -> Question:
    """Return a question, or answer that there is no such page."""
    if code not in QUESTIONS:
        raise Http404(code)
    return QUESTIONS[code]


def days_of(request: HttpRequest) -> int:
    """Return about how many days it is asked; the usual ones unless one may choose."""
    days = whole_number(request.GET.get("days", ""))
    return days if days in DAYS else USUAL


def ask(question: Question, days: int, now: datetime) -> Answer:
    """Return the answer about the last days, up to and including now."""
    span = Span(now - timedelta(days=days), now + timedelta(microseconds=1))
    with one_catalogue():
        return question.ask(span, now)
