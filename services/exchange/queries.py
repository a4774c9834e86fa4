"""What departments still owe us, and what was asked for a case."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet

from services.exchange.models import AssistRequest, Exchange


class Waiting(NamedTuple):
    """How much one department still owes us."""

    department: str
    exchanges: int
    oldest_at: datetime
    with_officer: int


def waiting_by_department() -> list[Waiting]:
    """Return what each department still owes us, oldest first."""
    rows = (
        Exchange.objects.open()
        .values("department")
        .annotate(
            exchanges=Count("pk"),
            oldest_at=Min("issued_at"),
            with_officer=Count("pk", filter=Q(state=Exchange.State.ASSISTED)),
        )
    )
    return [
        Waiting(*row)
        for row in rows.order_by("oldest_at").values_list(*Waiting._fields)
    ]


def departments_due(now: datetime) -> list[str]:
    """Return the departments with questions that are due and in nobody's hands."""
    return list(
        Exchange.objects.open()
        .filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=now),
            next_attempt_at__lte=now,
        )
        .order_by("department")
        .values_list("department", flat=True)
        .distinct()
    )


def exchanges_of(case: str) -> QuerySet[Exchange]:
    """Return what was asked for a draft or case, with the evidence, in asking order."""
    return (
        Exchange.objects.filter(case=case)
        .exclude(state=Exchange.State.CANCELLED)
        .select_related("evidence")
        .order_by("pk")
    )


def open_requests(department: str) -> QuerySet[AssistRequest]:
    """Return what a department's officers have to look at, the most urgent first."""
    return (
        AssistRequest.objects.filter(department=department, closed_at__isnull=True)
        .select_related("exchange")
        .order_by("due_on", "pk")
    )


def open_requests_of(case: str) -> QuerySet[AssistRequest]:
    """Return what officers have to look at for one case."""
    return (
        AssistRequest.objects.filter(exchange__case=case, closed_at__isnull=True)
        .select_related("exchange")
        .order_by("due_on", "pk")
    )
