"""
Which desks a role may open. The one place that knows the `rules` package.

What a role may do to a case stands in `services.cases.transitions`, which cases it sees
in `services.cases.queries.lists`.
"""

from __future__ import annotations

from rules.predicates import Predicate

from services.accounts.models import Role
from services.common.actors import Actor


def _has_role(*roles: str) -> Predicate:
    return Predicate(lambda actor: actor.role in roles)


PERMISSIONS: dict[str, Predicate] = {
    "use_desk": _has_role(
        Role.WINDOW_CLERK,
        Role.REVIEWER,
        Role.INSPECTOR,
        Role.HEAD_CLERK,
        Role.ISSUING_CLERK,
    ),
    "see_log": _has_role(Role.AUDITOR),
    "operate": _has_role(Role.OPERATOR),
}


def may(actor: Actor | None, permission: str) -> bool:
    """
    Return whether the actor may open this desk.

    :raises KeyError: for a permission that does not exist.
    """
    rule = PERMISSIONS[permission]
    return actor is not None and bool(rule.test(actor))
