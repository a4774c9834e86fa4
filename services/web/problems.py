"""A broken rule as an answer to a machine that asked a page for JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from services.cases.telling import Told, problem_document, tell

__all__ = ["HEADER", "Told", "answer_json", "tell", "wants_json"]

HEADER = "X-Problem-Code"


def wants_json(request: HttpRequest) -> bool:
    """Return whether a machine is asking: of the API none else does."""
    if request.path.startswith(("/api/", "/exchange/")):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def answer_json(told: Told) -> HttpResponse:
    """Return an RFC 9457 problem document."""
    return JsonResponse(
        problem_document(told),
        status=told.status,
        content_type="application/problem+json",
        headers={HEADER: told.code},
    )
