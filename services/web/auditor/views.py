"""The verification log for people: filters in the address, and whether it is whole."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from services.cases.models import Case
from services.catalogue.queries import one_catalogue
from services.ledger.events import EVENT_TYPES
from services.ledger.models import LogEntry
from services.ledger.operations.look import look_at_log
from services.ledger.queries import EntryUnknown, entry, integrity, newest_entries
from services.web.seat import SeatedRequest, seated
from services.web.typed import whole_number

PER_PAGE = 50
FILTERS = ("type", "case", "office", "outcome")
OUTCOMES = ("FOUND", "NOT_FOUND", "UNAVAILABLE", "REFUSED", "DEFERRED")


@require_GET
@seated("see_log")
def log_list(request: SeatedRequest) -> HttpResponse:
    """List entries, newest first, and the state of the tree."""
    filters = {name: request.GET.get(name, "").strip() for name in FILTERS}
    before = request.GET.get("before", "")
    lines = newest_entries(
        type=filters["type"],
        case=_reference(filters["case"]),
        office=filters["office"],
        outcome=filters["outcome"],
        before=whole_number(before),
        limit=PER_PAGE,
    )
    look_at_log(actor=request.actor, now=timezone.now(), at=filters)
    kept = {name: text for name, text in filters.items() if text}
    older = (
        urlencode({**kept, "before": lines[-1].pk}) if len(lines) == PER_PAGE else ""
    )
    context = {
        "lines": lines,
        "filters": filters,
        "types": sorted(EVENT_TYPES),
        "outcomes": OUTCOMES,
        "integrity": integrity(),
        "older": older,
        "newest": urlencode(kept) if before else None,
    }
    with one_catalogue():
        return render(request, "auditor/list.html", context)


@require_GET
@seated("see_log")
def log_entry(request: SeatedRequest, pk: int) -> HttpResponse:
    """Show one entry: what it says, its canonical leaf and the leaf's hash."""
    try:
        line, row = entry(pk), LogEntry.objects.get(pk=pk)
    except EntryUnknown as error:
        raise Http404(str(pk)) from error
    look_at_log(actor=request.actor, now=timezone.now(), at={"entry": pk})
    return render(
        request,
        "auditor/entry.html",
        {"line": line, "leaf": row.leaf, "leaf_hash": bytes(row.leaf_hash).hex()},
    )


def _reference(text: str) -> str:
    """Return the reference under which a case is logged; its number is accepted too."""
    found = Case.objects.filter(number=text).values_list("reference", flat=True)
    return found.first() or text if text else ""
