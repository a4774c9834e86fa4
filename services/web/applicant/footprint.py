"""Who looked at the company's data, why and on what basis; and asking about it."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from django_stubs_ext import StrPromise

from services.accounts.queries import APPLICANT, entity_of
from services.cases.access_questions import LONGEST
from services.cases.models import AccessQuestion
from services.cases.operations.ask_about_access import ANSWER_DAYS, ask_about_access
from services.cases.queries.footprint import (
    AccessUnknown,
    days_to_answer,
    find_access,
    footprint,
    questions_of,
)
from services.common.errors import DomainError
from services.web.answers import answer
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated
from services.web.typed import whole_number


class View(NamedTuple):
    """What of the trail is shown."""

    code: str
    name: StrPromise


VIEWS = (
    View("all", gettext_lazy("全部")),
    View("people", gettext_lazy("人员查看")),
    View("departments", gettext_lazy("部门核验")),
)


class Asked(NamedTuple):
    """A question with how long its answer may still take."""

    question: AccessQuestion
    left: int | None

    @property
    def late(self) -> int:
        return max(-(self.left or 0), 0)


@require_GET
@seated(role=APPLICANT)
def trail(request: SeatedRequest) -> HttpResponse:
    """List accesses, newest first."""
    view = request.GET.get("view", "all")
    view = view if view in {each.code for each in VIEWS} else "all"
    before = whole_number(request.GET.get("before", ""))
    entity = entity_of(request.actor.entity)
    context = {
        "entity": entity,
        "views": VIEWS,
        "view": view,
        "found": footprint(entity.uscc, view=view, before=before),
        "begins": before is None,
        "today": timezone.localdate(),
    }
    return answer(request, "applicant/footprint.html", context)


@require_http_methods(["GET", "POST"])
@seated(role=APPLICANT)
def access(request: SeatedRequest, pk: int) -> HttpResponse:
    """Show one access and what was asked about it; a POST asks."""
    if request.method == "GET":
        return _show(request, pk, None)
    try:
        question = ask_about_access(
            entity=entity_of(request.actor.entity),
            entry=pk,
            text=request.POST.get("text", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as error:
        return _show(request, pk, tell(error))
    said = _("已向 %(who)s 提出询问，答复期限 %(due)s。")
    messages.success(
        request, said % {"who": question.assignee_name, "due": question.due_on}
    )
    return redirect("footprint_access", pk=pk)


def _show(request: SeatedRequest, pk: int, told: Told | None) -> HttpResponse:
    uscc, today = request.actor.entity, timezone.localdate()
    try:
        found = find_access(uscc, pk)
    except AccessUnknown as error:
        raise Http404(str(pk)) from error
    asked = [
        Asked(question, days_to_answer(question, today=today))
        for question in questions_of(uscc, pk)
    ]
    context = {
        "access": found,
        "asked": asked,
        "may_ask": not found.own and all(one.left is None for one in asked),
        "typed": request.POST.get("text", ""),
        "longest": LONGEST,
        "days": ANSWER_DAYS,
    }
    return answer(request, "applicant/access.html", context, told)
