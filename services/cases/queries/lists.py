"""Which cases a person may see, and the lists they work from."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet

from services.cases.models import Case, Requirement, Task
from services.cases.transitions import ENDED
from services.catalogue.models import ItemVersion
from services.common.actors import Actor
from services.common.errors import DomainError
from services.registry.models import Entity

UNDECIDED = ("received", "correction", "parked", "accepted", "in_review")
HALL = {"window_clerk", "issuing_clerk"}
OF_OFFICE = {"reviewer", "inspector", "head_clerk"}
SOON = timedelta(days=2)


class CaseUnknown(DomainError):
    """There is no such case for this person: another's looks the same."""

    code = "case_unknown"


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Return the cases that a person's work or own company lets them see."""
    cases = Case.objects.select_related("entity", "item_version__item", "office").defer(
        "item_version__definition"
    )
    if actor.role == "applicant":
        return cases.filter(entity__uscc=actor.entity)
    if actor.role in HALL or (actor.role == "head_clerk" and not actor.office):
        return cases.exclude(state=Case.State.DRAFT)
    if actor.role in OF_OFFICE:
        return cases.filter(office=actor.office)
    return cases.none()


def find_case(text: str, *, actor: Actor) -> Case:
    """
    Return a case by number or reference.

    :raises CaseUnknown: also for somebody else's.
    """
    found = visible_cases(actor).filter(Q(number=text) | Q(reference=text)).first()
    if found is None:
        raise CaseUnknown(text)
    return found


def draft_in_hand(entity: Entity, item_version: ItemVersion, hand: str) -> Case | None:
    """Return the draft that somebody has in hand for an item, expired or not."""
    return (
        Case.objects.filter(
            entity=entity,
            item_version=item_version,
            state=Case.State.DRAFT,
            opened_by=hand,
        )
        .select_related("entity", "item_version__item", "office")
        .defer("item_version__definition")
        .first()
    )


def cases_of_entity(entity: Entity) -> QuerySet[Case]:
    """Return a company's cases and drafts, newest first."""
    return (
        Case.objects.filter(entity=entity)
        .select_related("item_version__item", "office", "certificate")
        .defer("item_version__definition")
        .order_by("-opened_at")
    )


def open_tasks(actor: Actor) -> QuerySet[Task]:
    """Return what waits for this person, most urgent first."""
    return (
        Task.objects.filter(assignee__username=actor.id, closed_at__isnull=True)
        .select_related("case__entity", "case__item_version__item", "office")
        .defer("case__item_version__definition")
        .order_by("due_on", "opened_at")
    )


def office_cases(actor: Actor, *, view: str, today: date) -> QuerySet[Case]:
    """
    Return the cases of a saved view: all, due, waiting, parked or done.

    Each carries `open_tasks` (list) so that a list needs no query per row.
    """
    tasks = Task.objects.filter(closed_at__isnull=True).order_by("opened_at")
    cases = visible_cases(actor).prefetch_related(
        Prefetch("tasks", queryset=tasks, to_attr="open_tasks")
    )
    views = {
        "due": Q(state__in=UNDECIDED, promised_on__lte=today + SOON)
        | Q(state="received", accept_by__date__lte=today + SOON),
        "waiting": Q(
            state="in_review", requirements__state=Requirement.State.UNSETTLED
        ),
        "parked": Q(state="parked"),
        "done": Q(state__in=ENDED),
    }
    wanted = views.get(view, Q(state__in=(*UNDECIDED, "special_procedure")))
    return cases.filter(wanted).distinct().order_by("promised_on", "received_at")
