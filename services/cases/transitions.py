"""
Which move is allowed from which state, by whom. Data; `operations/effects.py` obeys it.

Roles are those of `services.accounts.models.Role`, plus `applicant` and `system`.
"""

from __future__ import annotations

from typing import NamedTuple

from services.common.actors import Actor
from services.common.errors import DomainError

SYSTEM = frozenset({"system"})
APPLICANT = frozenset({"applicant", "window_clerk"})
OFFICE = frozenset({"reviewer"})  # the head clerk sees all and decides nothing
DELEGATED = SYSTEM | OFFICE | {"window_clerk"}


class Transition(NamedTuple):
    """One allowed move."""

    state: str
    action: str
    roles: frozenset[str]
    to: str
    event: str = "case.moved"


TRANSITIONS = (
    Transition("draft", "file", APPLICANT, "received", "case.filed"),
    Transition("received", "accept", DELEGATED, "accepted", "case.accepted"),
    Transition("received", "park", SYSTEM, "parked"),
    Transition("parked", "resume", SYSTEM, "received"),
    Transition("received", "correct", OFFICE, "correction", "correction.requested"),
    Transition("correction", "answer", APPLICANT, "received", "correction.answered"),
    Transition("correction", "lapse", SYSTEM, "terminated", "correction.lapsed"),
    Transition("received", "refuse_acceptance", OFFICE, "not_accepted"),
    Transition("parked", "refuse_acceptance", OFFICE, "not_accepted"),
    Transition("received", "transfer", OFFICE, "transferred"),
    Transition("accepted", "review", SYSTEM, "in_review"),
    Transition("in_review", "suspend", OFFICE, "special_procedure"),
    Transition("special_procedure", "continue", OFFICE, "in_review"),
    Transition("in_review", "approve", SYSTEM | OFFICE, "approved", "case.decided"),
    Transition("in_review", "refuse", OFFICE, "refused", "case.decided"),
    Transition("in_review", "terminate", OFFICE, "terminated"),
    Transition("approved", "charge", SYSTEM, "awaiting_payment"),
    Transition("awaiting_payment", "pay", APPLICANT, "certified", "fee.paid"),
    Transition("approved", "certify", SYSTEM, "certified"),
    Transition(
        "certified",
        "deliver",
        SYSTEM | {"issuing_clerk"},
        "delivered",
        "case.delivered",
    ),
    *(
        Transition(state, "withdraw", APPLICANT, "withdrawn")
        for state in (
            "received",
            "correction",
            "parked",
            "accepted",
            "in_review",
            "special_procedure",
        )
    ),
)

BY_STATE_AND_ACTION = {(t.state, t.action): t for t in TRANSITIONS}

DECIDED = frozenset(
    {"approved", "refused", "awaiting_payment", "certified", "delivered"}
)
ENDED = frozenset(
    {"refused", "delivered", "not_accepted", "withdrawn", "terminated", "transferred"}
)


class TransitionRefused(DomainError):
    """The case is not in a state from which this can be done."""

    code = "transition_refused"


class CaseAlreadyDecided(TransitionRefused):
    """Somebody decided first, even a moment ago."""

    code = "case_already_decided"


class RoleMayNot(DomainError):
    """This role may not do this, in any state."""

    code = "role_may_not"


class NotYourOffice(DomainError):
    """The case belongs to another office, or another company."""

    code = "not_your_case"


def transition(state: str, action: str, role: str) -> Transition:
    """
    Return the move that this action makes from this state.

    :raises CaseAlreadyDecided: if the case has been decided.
    :raises TransitionRefused: if the state does not allow it.
    :raises RoleMayNot: if the role does not.
    """
    found = BY_STATE_AND_ACTION.get((state, action))
    if found is None:
        kind = CaseAlreadyDecided if state in DECIDED else TransitionRefused
        raise kind(f"{action} from {state}")
    if role not in found.roles:
        raise RoleMayNot(f"{action} as {role}")
    return found


def actions_for(state: str, role: str) -> tuple[str, ...]:
    """Return what this role may do from this state."""
    return tuple(t.action for t in TRANSITIONS if t.state == state and role in t.roles)


def check_belongs(actor: Actor, *, office: str, entity: str) -> None:
    """
    Refuse a person whose office or company this case is not.

    :raises NotYourOffice: also when the case should look as if it did not exist.
    """
    if actor.kind == "system":
        return
    if actor.role == "applicant":
        belongs = actor.entity == entity
    elif actor.role in {"window_clerk", "issuing_clerk"}:
        belongs = True  # the hall's windows serve all departments
    elif actor.role == "head_clerk" and not actor.office:
        belongs = True  # the hall's own head, over all its offices
    else:
        belongs = actor.office == office
    if not belongs:
        raise NotYourOffice
