"""Incidents: what operations must look at, open ones first."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from services.common.errors import DomainError
from services.exchange.models import Incident
from services.exchange.operations.incident import close_incident
from services.web.answers import answer
from services.web.operator.live import live
from services.web.operator.words import Headline
from services.web.problems import tell
from services.web.seat import SeatedRequest, seated

PER_PAGE = 25
LONGEST = 500  # characters of a reason


@require_GET
@seated("operate")
def incidents(request: SeatedRequest) -> HttpResponse:
    """Show open incidents, oldest first; with `?closed=1` also those of the past."""
    rows = Incident.objects.order_by(
        F("closed_at").desc(nulls_first=True), "opened_at", "pk"
    )
    with_closed = request.GET.get("closed") == "1"
    shown = rows if with_closed else rows.filter(closed_at__isnull=True)
    still_open = Incident.objects.filter(closed_at__isnull=True).count()
    context = {
        "rows": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "with_closed": with_closed,
        "kept": "closed=1" if with_closed else "",
    }
    return live(request, "incidents", context, headline=_headline(still_open))


@require_http_methods(["GET", "POST"])
@seated("operate")
def incident(request: SeatedRequest, pk: int) -> HttpResponse:
    """Show one incident; close it with a reason."""
    found = get_object_or_404(Incident, pk=pk)
    told = None
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:LONGEST]
        try:
            close_incident(
                incident=found, reason=reason, actor=request.actor, now=timezone.now()
            )
        except DomainError as error:
            told = tell(error)
            found.refresh_from_db()
        else:
            messages.success(request, _("事件已处理并记下原因。"))
            return redirect("ops_incidents")
    context = {"row": found, "here": "incident", "longest": LONGEST}
    return answer(request, "operator/incident.html", context, told)


def _headline(still_open: int) -> Headline:
    if not still_open:
        return Headline("good", _("没有未处理的事件。"))
    text = ngettext("%(n)d 个事件待处理。", "%(n)d 个事件待处理。", still_open)
    return Headline("warn", text % {"n": still_open})
