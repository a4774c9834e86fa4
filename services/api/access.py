"""Who may call an operation; what they then see follows from their scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from services.accounts.permissions import may
from services.accounts.queries import APPLICANT
from services.cases.transitions import RoleMayNot
from services.common.actors import Actor

if TYPE_CHECKING:  # it reads the settings, which name a class of this module
    from rest_framework.views import APIView


class SignedIn(BasePermission):
    """Anybody who has signed in."""

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002
        return isinstance(request.auth, Actor) and self.may(request.auth)

    def may(self, actor: Actor) -> bool:  # noqa: ARG002
        return True


class IsApplicant(SignedIn):
    """Somebody who acts for a company."""

    def may(self, actor: Actor) -> bool:
        return _or_refuse(actor.role == APPLICANT, actor)


class IsOperator(SignedIn):
    """Somebody who looks after the machinery."""

    def may(self, actor: Actor) -> bool:
        return _or_refuse(may(actor, "operate"), actor)


def _or_refuse(allowed: bool, actor: Actor) -> bool:  # noqa: FBT001
    if not allowed:
        raise RoleMayNot(actor.role)
    return True
