"""What companies ask about accesses to their data, and the office's answers."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from services.cases.access_questions import LONGEST, looked
from services.cases.models import AccessQuestion
from services.cases.operations.answer_about_access import answer_about_access
from services.cases.operations.look import look_at_list
from services.cases.queries.footprint import days_to_answer, open_questions
from services.common.errors import DomainError
from services.ledger.queries import LogLine, entry
from services.web.answers import answer
from services.web.case_page import urgency
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated

SHOWN = 50


class Row(NamedTuple):
    """One question with the access that it is about."""

    question: AccessQuestion
    line: LogLine
    left: int | None
    urgency: str
    own: bool  # this person looked, so somebody else answers
    typed: str

    @property
    def late(self) -> int:
        return max(-(self.left or 0), 0)


@require_GET
@seated("use_desk")
def question_list(request: SeatedRequest) -> HttpResponse:
    """List what this person or office has to answer; the look is recorded."""
    return _show(request, None)


@require_POST
@seated("use_desk")
def reply(request: SeatedRequest, pk: int) -> HttpResponse:
    """Answer one question."""
    question = open_questions(request.actor).filter(pk=pk).first()
    if question is None:
        raise Http404(str(pk))
    try:
        answer_about_access(
            question=question,
            text=request.POST.get("answer", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as error:
        return _show(request, tell(error), typed=(pk, request.POST.get("answer", "")))
    messages.success(request, _("答复已送达企业，并记入核验日志。"))
    return redirect("desk_questions")


def _show(
    request: SeatedRequest, told: Told | None, typed: tuple[int, str] = (0, "")
) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    open_now = open_questions(actor)[:SHOWN]
    look_at_list(name="questions", asked={}, actor=actor, now=now)
    rows = [_row(request, question, typed) for question in open_now]
    context = {"rows": rows, "longest": LONGEST}
    return answer(request, "clerk/questions.html", context, told)


def _row(
    request: SeatedRequest, question: AccessQuestion, typed: tuple[int, str]
) -> Row:
    line = entry(question.entry_id)
    left = days_to_answer(question, today=timezone.localdate())
    return Row(
        question=question,
        line=line,
        left=left,
        urgency=urgency(left),
        own=looked(request.actor.id, line),
        typed=typed[1] if typed[0] == question.pk else "",
    )
