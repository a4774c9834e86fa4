"""Who may do what (domain.md §7). The one place that knows the `rules` package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from rules.predicates import Predicate

from services.accounts.models import Role
from services.accounts.queries import APPLICANT
from services.common.actors import Actor


class CaseLike(Protocol):
    """What a rule looks at in a case; cases are upstairs, so no import."""

    office_id: str | None
    state: str
    entity: Any
    tasks: Any


Test = Callable[[Actor, CaseLike | None], bool]


def _predicate(test: Test) -> Predicate:
    return Predicate(test)


@_predicate
def is_own(actor: Actor, case: CaseLike | None) -> bool:
    """The applicant acts for the company whose case it is."""
    return (
        actor.role == APPLICANT
        and case is not None
        and bool(actor.entity)
        and case.entity.uscc == actor.entity
    )


@_predicate
def is_filed(_actor: Actor, case: CaseLike | None) -> bool:
    """A draft is the applicant's alone."""
    return case is not None and case.state != "draft"


@_predicate
def in_office(actor: Actor, case: CaseLike | None) -> bool:
    """The case lies with the actor's office."""
    return case is not None and bool(actor.office) and case.office_id == actor.office


@_predicate
def has_task(actor: Actor, case: CaseLike | None) -> bool:
    """Something in the case waits for the actor or for the actor's office."""
    if case is None or actor.kind != "human":
        return False
    waiting = case.tasks.filter(closed_at__isnull=True)
    mine = waiting.filter(assignee__username=actor.id)
    if mine.exists():
        return True
    return bool(actor.office) and waiting.filter(office_id=actor.office).exists()


@_predicate
def is_of_hall(actor: Actor, _case: CaseLike | None) -> bool:
    """The window and the head of the hall serve every department's applicants."""
    return actor.office == "" and actor.role in {Role.WINDOW_CLERK, Role.HEAD_CLERK}


def _has_role(*roles: str) -> Predicate:
    return _predicate(lambda actor, _case: actor.role in roles)


_reviewing = _has_role(Role.REVIEWER, Role.HEAD_CLERK)
_staff = _has_role(
    Role.WINDOW_CLERK,
    Role.REVIEWER,
    Role.INSPECTOR,
    Role.HEAD_CLERK,
    Role.ISSUING_CLERK,
)
_of_office = is_filed & (in_office | has_task)
_of_place = is_filed & (in_office | is_of_hall | has_task)

PERMISSIONS: dict[str, Predicate] = {
    "see_case": is_own | (_staff & _of_place),
    "act_for_entity": is_own,
    "file_case": is_own,
    "answer_correction": is_own,
    "withdraw_case": is_own,
    "pay_fee": is_own,
    "dispute_evidence": is_own,
    "accept_case": _of_place & (_reviewing | _has_role(Role.WINDOW_CLERK)),
    "request_correction": _of_place & (_reviewing | _has_role(Role.WINDOW_CLERK)),
    "confirm_answer": _of_place & (_reviewing | _has_role(Role.WINDOW_CLERK)),
    "refuse_acceptance": _of_office & _reviewing,
    "decide_case": _of_office & _reviewing,
    "close_assist": _of_office & _reviewing,
    "record_inspection": _of_office & _has_role(Role.INSPECTOR, Role.HEAD_CLERK),
    "start_procedure": _of_office & _reviewing,
    "hand_over": _of_office & _has_role(Role.ISSUING_CLERK, Role.HEAD_CLERK),
    "use_desk": _staff,
    "see_log": _has_role(Role.AUDITOR),
    "switch_department": _has_role(Role.OPERATOR),
}


def may(actor: Actor | None, permission: str, target: object = None) -> bool:
    """
    Return whether the actor may do this to the target.

    :raises KeyError: for a permission that does not exist.
    """
    rule = PERMISSIONS[permission]
    return actor is not None and bool(rule.test(actor, target))
