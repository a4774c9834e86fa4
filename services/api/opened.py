"""Open a case for somebody: in their scope, and on record."""

from __future__ import annotations

from django.utils import timezone

from services.accounts.permissions import may
from services.api.tokens import ActorRequest
from services.cases.models import Case
from services.cases.operations.look import look_at_case
from services.cases.queries.lists import find_case


def opened_case(request: ActorRequest, number: str) -> Case:
    """
    Return a case; a clerk's look at it is recorded.

    :raises CaseUnknown: also for somebody else's.
    """
    case = find_case(number, actor=request.auth)
    if may(request.auth, "use_desk"):
        look_at_case(case=case, actor=request.auth, now=timezone.now())
    return case
