"""What a department's officers are asked to look at: outages, disputes, rechecks."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from services.cases.operations.look import look_at_requests
from services.cases.queries.deadline import days_left
from services.catalogue.models import Material
from services.catalogue.queries import materials
from services.common.actors import Actor
from services.common.errors import DomainError
from services.exchange.models import AssistRequest
from services.exchange.operations.assist import close_assist
from services.exchange.queries import open_requests
from services.web.answers import answer
from services.web.case_page import urgency
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated

SHOWN = 50


class Row(NamedTuple):
    """One request with the material it is about."""

    request: AssistRequest
    material: Material | None
    overdue: bool
    late: int  # working days; none on the weekend after the last day
    urgency: str


def requests_for(actor: Actor) -> list[AssistRequest]:
    """Return what the actor's department is asked; only reviewers answer."""
    if actor.role != "reviewer" or not actor.office:
        return []
    return list(open_requests(actor.office.partition("-")[0])[:SHOWN])


@require_GET
@seated("use_desk")
def request_list(request: SeatedRequest) -> HttpResponse:
    """List the open requests of the own department; each shown is a look."""
    return _show(request, None)


@require_POST
@seated("use_desk")
def close(request: SeatedRequest, pk: int) -> HttpResponse:
    """Say what the officer found."""
    found = [row for row in requests_for(request.actor) if row.pk == pk]
    if not found:
        raise Http404(str(pk))
    try:
        close_assist(
            request=found[0],
            finding=request.POST.get("finding", ""),
            number=request.POST.get("number", "").strip(),
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as error:
        return _show(request, tell(error))
    messages.success(request, _("协查结果已记录。"))
    return redirect("desk_requests")


def _show(request: SeatedRequest, told: Told | None) -> HttpResponse:
    known = materials()
    shown = requests_for(request.actor)
    look_at_requests(requests=shown, actor=request.actor, now=timezone.now())
    today = timezone.localdate()
    rows = [_row(each, known.get(each.exchange.material), today) for each in shown]
    return answer(request, "clerk/requests.html", {"rows": rows}, told)


def _row(request: AssistRequest, material: Material | None, today: date) -> Row:
    overdue = request.due_on < today
    left = days_left(request.due_on, today=today, ended=False) or 0
    return Row(
        request, material, overdue, max(-left, 0), urgency(-1 if overdue else left)
    )
