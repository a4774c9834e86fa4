"""What operations must look at: opened by faults, closed by their end or by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Min

from services.common.actors import SYSTEM, Actor
from services.common.errors import DomainError
from services.exchange.models import Exchange, Incident
from services.exchange.queries import departments_due

SILENT = "intent_without_outcome"
STUCK = "exchange_stuck"
GARBLED = "exchange_garbled"
BAD_ANSWERS = ("exchange_refused", GARBLED)
LATE = "LATE"  # beside a department, in place of a code: its late answers
TOO_LONG = timedelta(minutes=10)  # due, its line open for us, and still nobody asked


class ReasonNeeded(DomainError):
    code = "reasons_needed"


class IncidentAlreadyClosed(DomainError):
    code = "incident_already_closed"


def open_incident(*, kind: str, about: str, text: str, now: datetime) -> None:
    """Open an incident unless one of its kind is open about the same thing."""
    Incident.objects.bulk_create(
        [Incident(kind=kind, about=about[:120], text=text, opened_at=now)],
        ignore_conflicts=True,
    )


def open_late_garbage(*, department: str, text: str, now: datetime) -> None:
    """Open an incident about late answers of a department that are not used."""
    open_incident(kind=GARBLED, about=f"{department} {LATE}", text=text, now=now)


def what_came(code: str, reasons: Iterable[str], names: Sequence[str]) -> str:
    """Return how many questions met what, for which reasons, and one of them."""
    known = sorted(set(reasons) - {""})
    what = f"{code} ({', '.join(known)})" if known else code
    return f"{len(names)} × {what}, e.g. {names[-1]}"


def close_incident(
    *, incident: Incident, reason: str, actor: Actor, now: datetime
) -> Incident:
    """
    Close an incident; where its cause goes on, another one is opened.

    :raises ReasonNeeded: if the reason is blank.
    :raises IncidentAlreadyClosed: if it was closed before, even a moment ago.
    """
    if not reason.strip():
        raise ReasonNeeded(incident.about)
    still_open = Incident.objects.filter(pk=incident.pk, closed_at__isnull=True)
    closed = still_open.update(
        closed_at=now, closed_by=actor.id, closed_because=reason.strip()
    )
    if not closed:
        raise IncidentAlreadyClosed(incident.about)
    incident.refresh_from_db()
    return incident


def look_after_incidents(*, now: datetime) -> None:
    """Open those about intents without outcome; close those whose cause is gone."""
    silent = _silent(now)
    Incident.objects.bulk_create(
        [
            Incident(kind=SILENT, about=department, text=text, opened_at=now)
            for department, text in silent.items()
        ],
        ignore_conflicts=True,
    )
    over = [
        one.pk
        for one in Incident.objects.filter(closed_at__isnull=True)
        if not _goes_on(one, silent)
    ]
    Incident.objects.filter(pk__in=over, closed_at__isnull=True).update(
        closed_at=now, closed_by=SYSTEM.id
    )


def _silent(now: datetime) -> dict[str, str]:
    """Return the departments nobody asks though they may be, and what waits there."""
    waiting = (
        Exchange.objects.open()
        .filter(
            outcome="", leased_until__isnull=True, next_attempt_at__lte=now - TOO_LONG
        )
        .values("department")
        .annotate(intents=Count("pk"), since=Min("issued_at"))
    )
    rows = waiting.values_list("department", "intents", "since")
    silent = {
        department: f"{intents} since {since:%Y-%m-%d %H:%M} UTC"
        for department, intents, since in rows
    }
    asked = set(departments_due(now)) if silent else set()
    return {name: text for name, text in silent.items() if name in asked}


def _goes_on(incident: Incident, silent: Mapping[str, str]) -> bool:
    still = Exchange.objects.open()
    if incident.kind == SILENT:
        return incident.about in silent
    if incident.kind in BAD_ANSWERS:  # until every question that met it is answered
        department, _, code = incident.about.partition(" ")
        if code == LATE:  # it changed no question: any that was open may have met it
            before = still.filter(issued_at__lte=incident.opened_at)
            return before.filter(department=department).exists()
        return still.filter(department=department, code=code).exists()
    if incident.kind == STUCK:
        return still.filter(public_id=incident.about).exists()
    return True
