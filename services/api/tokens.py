"""Who is asking: a signed token that names a person in a role, checked each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.core import signing
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from services.accounts.models import User
from services.accounts.queries import Standing, acting
from services.common.actors import Actor

LIVES = timedelta(hours=8)
SALT = "services.api.token"


class Token(NamedTuple):
    """What a client sends with every request, and until when it may."""

    token: str
    expires_at: datetime


class ActorRequest(Request):
    """A request of somebody who has signed in."""

    auth: Actor


def issue_token(user: User, standing: Standing, *, now: datetime) -> Token:
    """Return a token for a person in a role."""
    return Token(signing.dumps([user.pk, *standing], salt=SALT), now + LIVES)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer …`; the role must still be held."""

    def authenticate(self, request: Request) -> tuple[Actor, Actor] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            pk, *stored = signing.loads(token.strip(), salt=SALT, max_age=LIVES)
        except signing.BadSignature as error:
            raise AuthenticationFailed from error
        actor = acting(pk, Standing(*stored))
        if actor is None:
            raise AuthenticationFailed
        return actor, actor

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """Have DRF answer 401 and not 403."""
        return "Bearer"
