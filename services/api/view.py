"""What all views share: JSON both ways, whoever asks for what."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from services.api.access import IsApplicant, IsOperator, SignedIn


class AlwaysJson(BaseContentNegotiation):
    """Answer JSON to whatever a client says it accepts."""

    def select_parser(
        self,
        request: Request,  # noqa: ARG002
        parsers: Iterable[BaseParser],
    ) -> BaseParser | None:
        return next(iter(parsers), None)

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


class View(APIView):
    """One address."""

    content_negotiation_class = AlwaysJson


class PublicView(View):
    """For anybody; a token is not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class AnybodyView(View):
    """For anybody; a token tells more."""

    permission_classes = (AllowAny,)


class SignedInView(View):
    """For anybody who has signed in, each within their own scope."""

    permission_classes = (SignedIn,)


class ApplicantView(View):
    """For somebody who acts for a company."""

    permission_classes = (IsApplicant,)


class OperatorView(View):
    """For somebody who looks after the machinery."""

    permission_classes = (IsOperator,)


class NoSuchAddress(PublicView):
    """Whatever else begins with /api/."""

    schema = None

    def initial(self, *_args: object, **_kwargs: object) -> None:
        """Answer 404 to every method."""
        raise Http404
