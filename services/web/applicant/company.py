"""The company's own space: cases, drafts, certificates."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from services.accounts.queries import APPLICANT, entity_of
from services.cases.models import Certificate
from services.cases.queries.lists import cases_of_entity
from services.web.seat import SeatedRequest, seated

PER_PAGE = 20


@require_GET
@seated(role=APPLICANT)
def my(request: SeatedRequest) -> HttpResponse:
    """Show what the company has: cases, drafts, certificates issued here."""
    entity = entity_of(request.actor.entity)
    cases = Paginator(cases_of_entity(entity), PER_PAGE)
    certificates = Certificate.objects.filter(entity=entity.uscc).select_related("case")
    context = {
        "entity": entity,
        "cases": cases.get_page(request.GET.get("page")),
        "certificates": certificates.order_by("-issued_on", "number"),
    }
    return render(request, "applicant/my.html", context)
