"""The seat that a signed-in person has taken: role, office or company."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from services.accounts.models import User
from services.accounts.permissions import may
from services.accounts.queries import APPLICANT, Standing, actor_of, holds
from services.common.actors import Actor

SESSION_KEY = "standing"
HOMES = {APPLICANT: "my", "auditor": "audit", "operator": "ops", "planner": "home"}


class SeatedRequest(HttpRequest):
    """A request of somebody who has signed in."""

    actor: Actor


View = Callable[..., HttpResponseBase]


def take_seat(request: HttpRequest, user: User, standing: Standing) -> None:
    """Sign the person in and remember the role."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SESSION_KEY] = list(standing)
    request.actor = _actor(user, standing)  # type: ignore[attr-defined]


def leave_seat(request: HttpRequest) -> None:
    """Sign out and forget everything about the session."""
    logout(request)


def seat_of(request: HttpRequest) -> Actor | None:
    """Return who acts, if the person still holds the role of the session."""
    stored = request.session.get(SESSION_KEY)
    if not stored or not request.user.is_authenticated:
        return None
    user, standing = request.user, Standing(*stored)
    return _actor(user, standing) if holds(user, standing) else None


def actor_in(request: HttpRequest) -> Actor | None:
    """Return who acts in this request, or None."""
    return cast("Actor | None", getattr(request, "actor", None))


def home_of(role: str) -> str:
    """Return the name of the page where a role begins its work."""
    return HOMES.get(role, "desk")


def seated(permission: str = "", *, role: str = "") -> Callable[[View], View]:
    """
    Let only people with this permission (or role) in.

    Who has not signed in goes to the sign-in page; for anybody else the page does not
    exist.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            actor = actor_in(request)
            if actor is None:
                return to_sign_in(request)
            if (role and actor.role != role) or (
                permission and not may(actor, permission)
            ):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the way to the sign-in page and back here; a live part's is its page's."""
    target = request.get_full_path() if request.method == "GET" else request.path
    around = request.headers.get("HX-Current-URL")
    way = "/sign-in/?" + urlencode({"next": around or target})
    return HttpResponse(headers={"HX-Redirect": way}) if around else redirect(way)


def _actor(user: User, standing: Standing) -> Actor:
    return actor_of(
        user, role=standing.role, office=standing.office, entity=standing.entity
    )
