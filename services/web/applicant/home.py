"""The first page, search, and the two ways of browsing: departments, life events."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from services.catalogue.models import Department, LifeEvent
from services.catalogue.queries import departments as catalogue_departments
from services.catalogue.queries import items, items_of_department, life_events, search
from services.common.errors import DomainError
from services.registry.queries import find_entity, refuse_unable
from services.web.demo import demo_companies, demo_seats
from services.web.problems import tell

SHOWN = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the licence box, the search box, and where to browse."""
    query = request.GET.get("q", "").strip()
    context = {
        "query": query,
        "hits": search(query, limit=SHOWN) if query else [],
        "departments": catalogue_departments().filter(
            item__withdrawn_on__isnull=True, item__isnull=False
        ),
        "life_events": life_events(),
        "staff": demo_seats(),
        "samples": demo_companies(),
        "item_count": items().count(),
    }
    return render(request, "applicant/home.html", context)


@require_GET
def find_items(request: HttpRequest) -> HttpResponse:
    """Answer the search box while somebody types."""
    query = request.GET.get("q", "").strip()
    hits = search(query, limit=SHOWN) if query else []
    return render(
        request, "applicant/parts/results.html", {"query": query, "hits": hits}
    )


@require_GET
def check_licence(request: HttpRequest) -> HttpResponse:
    """Say whether a licence number is right, and if not, which check failed."""
    licence = request.GET.get("licence", "").strip()
    told = None
    if licence:
        try:
            refuse_unable(find_entity(licence))
        except DomainError as error:
            told = tell(error)
    return render(
        request,
        "applicant/parts/licence_check.html",
        {"licence": licence, "told": told},
    )


@require_GET
def department_items(request: HttpRequest, code: str) -> HttpResponse:
    """List what one department handles."""
    department = get_object_or_404(Department, code=code)
    return render(
        request,
        "applicant/department.html",
        {"department": department, "items": items_of_department(code)},
    )


@require_GET
def life_event(request: HttpRequest, code: str) -> HttpResponse:
    """List the items of one event in a company's life, in order."""
    event = get_object_or_404(LifeEvent, code=code)
    known = {item.code: item for item in items()}
    steps = [
        {
            **step,
            "item": known[step["item"]],
            "first": [known[code] for code in step["depends_on"] if code in known],
        }
        for step in event.steps
        if step["item"] in known
    ]
    if not steps:
        raise Http404
    return render(
        request, "applicant/life_event.html", {"event": event, "steps": steps}
    )
