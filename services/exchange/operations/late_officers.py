"""Tell operations which departments' officers are past their last day to look."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from services.common.actors import SYSTEM
from services.exchange.models import AssistRequest, Incident

OFFICER_LATE = "officer_late"


def note_late_officers(*, now: datetime) -> None:
    """Open an incident per department that is late; close those that caught up."""
    late = _late(now)
    still_open = Incident.objects.filter(kind=OFFICER_LATE, closed_at__isnull=True)
    told = dict(still_open.values_list("about", "pk"))
    Incident.objects.bulk_create(
        [
            Incident(kind=OFFICER_LATE, about=department, text=text, opened_at=now)
            for department, text in late.items()
            if department not in told
        ],
        ignore_conflicts=True,
    )
    over = [pk for department, pk in told.items() if department not in late]
    if over:
        still_open.filter(pk__in=over).update(closed_at=now, closed_by=SYSTEM.id)


def _late(now: datetime) -> dict[str, str]:
    """Return the departments with open requests past their day, and how many."""
    waiting = (
        AssistRequest.objects.filter(
            closed_at__isnull=True, due_on__lt=timezone.localdate(now)
        )
        .values("department")
        .annotate(requests=Count("pk"), since=Min("due_on"))
    )
    rows = waiting.values_list("department", "requests", "since")
    return {
        department: f"{requests} × past due, since {since}"
        for department, requests, since in rows
    }
