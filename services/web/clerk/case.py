"""One case on the desk: application left, evidence right, the decision in reach."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from services.cases.models import Case
from services.cases.operations.look import look_at_case
from services.cases.queries.lists import CaseUnknown, find_case
from services.common.errors import DomainError
from services.web.answers import answer
from services.web.case_page import CasePage
from services.web.clerk.acts import ACTS
from services.web.clerk.forms import correction_targets
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated
from services.web.wording import GROUNDS, STOPS

FINISHED_BY_HAND = {"confirm", "inspect", "sample", "supervise"}


@require_GET
@seated("use_desk")
def case_page(request: SeatedRequest, number: str) -> HttpResponse:
    """Open a case; the look is recorded."""
    case = _case(request, number)
    look_at_case(case=case, actor=request.actor, now=timezone.now())
    return _show(request, case, None)


@require_GET
@seated("use_desk")
def case_live(request: SeatedRequest, number: str) -> HttpResponse:
    """Refresh the evidence while departments answer."""
    case = _case(request, number)
    page = CasePage(case, None, request.actor, timezone.now())
    context = {
        "page": page,
        "case": case,
        "reload": request.GET.get("state", case.state) != case.state,
        "live": _live(case),
    }
    return render(request, "clerk/parts/live.html", context)


@require_POST
@seated("use_desk")
def act(request: SeatedRequest, number: str, action: str) -> HttpResponse:
    """Do one thing to a case: one operation, one message."""
    case = _case(request, number)
    if action not in ACTS:
        raise Http404(action)
    try:
        done = ACTS[action](request.POST, case, request.actor, timezone.now())
    except DomainError as error:
        case.refresh_from_db()
        return _show(request, case, tell(error))
    messages.success(request, done)
    return redirect("desk_case", number=number)


def _case(request: SeatedRequest, number: str) -> Case:
    try:
        return find_case(number, actor=request.actor)
    except CaseUnknown as error:
        raise Http404(number) from error


def _show(request: SeatedRequest, case: Case, told: Told | None) -> HttpResponse:
    actor = request.actor
    page = CasePage(case, told, actor, timezone.now())
    context = {
        "page": page,
        "case": case,
        "live": _live(case),
        "my_tasks": [
            task
            for task in page.summary.tasks
            if task.kind in FINISHED_BY_HAND and actor.role == task.role
        ],
        "targets": correction_targets(case),
        "grounds": GROUNDS.items(),
        "stops": [(code, name) for code, name in STOPS.items() if code != "refer_item"],
        "typed": request.POST,
    }
    return answer(request, "clerk/case.html", context, told)


def _live(case: Case) -> str:
    return reverse("desk_case_live", args=[case.number]) + f"?state={case.state}"
