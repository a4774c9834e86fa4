"""Around every request: what a page may load, and in which role somebody acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

from services.web.seat import seat_of

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

Answer = Callable[[HttpRequest], HttpResponse]

# Whoever asks whether we live must be told even while the database is away.
PROBES = ("/healthz", "/readyz")


class ContentSecurityPolicy:
    """Nothing inline, nothing from elsewhere."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


class PlainText:
    """Refuse a NUL, which no text has and no column keeps."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        texts = (request.path, *_texts(request.GET), *_texts(request.POST))
        if any("\0" in text for text in texts):
            raise BadRequest("NUL")
        return self._answer(request)


class Seat:
    """Put `request.actor` there: the person in the role taken at sign-in, or None."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nobody = request.path in PROBES
        request.actor = None if nobody else seat_of(request)  # type: ignore[attr-defined]
        response = self._answer(request)
        if request.actor:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _texts(query: QueryDict) -> Iterator[str]:
    for name, values in query.lists():
        yield from (str(name), *map(str, values))
