"""A page with a part that is asked for again while somebody looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from services.catalogue.queries import one_catalogue
from services.web.answers import answer
from services.web.operator.words import Headline
from services.web.problems import Told
from services.web.seat import SeatedRequest

NOTHING_NEW = 204


def live(
    request: SeatedRequest,
    name: str,
    context: Mapping[str, object],
    *,
    headline: Headline,
    address: str = "",
    told: Told | None = None,
) -> HttpResponse:
    """
    Return `operator/<name>.html` around `operator/parts/<name>.html`.

    To htmx only the part, and nothing at all (204) where it would be the same: so a
    reader is told only what is new, and keeps the place and what is ticked. `address`
    is where the page lives, if it is shown in answer to a form sent elsewhere.
    """
    with one_catalogue():
        part = render_to_string(f"operator/parts/{name}.html", dict(context), request)
    stamp = sha256(f"{headline.words}{part}".encode()).hexdigest()[:16]
    refreshes = request.headers.get("HX-Request") == "true"
    if refreshes and request.GET.get("seen") == stamp:
        return HttpResponse(status=NOTHING_NEW)
    shown = {
        **context,
        "part": part,
        "headline": headline,
        "again": _again(request, address or request.path, stamp),
        "here": name,
        "refreshed": refreshes,
    }
    if refreshes:
        return render(request, "operator/parts/live.html", shown)
    return answer(request, f"operator/{name}.html", shown, told)


def _again(request: SeatedRequest, address: str, stamp: str) -> str:
    """Return the page's address with its filters and what has been seen there."""
    query = request.GET.copy()
    query["seen"] = stamp
    return f"{address}?{query.urlencode()}"
