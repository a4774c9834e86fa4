"""What departments still owe us, and what was asked for a case."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Min, Q, QuerySet

from services.catalogue.models import Department
from services.departments.gateways.contract import HUB
from services.exchange import breaker
from services.exchange.models import (
    AssistRequest,
    Breaker,
    Call,
    Exchange,
    Incident,
)


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


class LineStatus(NamedTuple):
    """One line as an operator sees it: to a department, or to the hub."""

    department: str
    state: str  # closed, open, half_open
    since: datetime | None  # when it was opened
    probe_at: datetime | None
    waiting: int
    oldest_at: datetime | None
    with_officer: int
    calls_now: int
    last_code: str
    last_error_at: datetime | None


def breakers() -> list[Breaker]:
    """Return the lines that ever had a fault, by name."""
    return list(Breaker.objects.order_by("line"))


def lines(now: datetime) -> list[LineStatus]:
    """Return every line, the faulty ones first, then those that wait longest."""
    faults = {row.line: row for row in breakers()}
    owed = {row.department: row for row in waiting_by_department()}
    calls = _calls(now)
    known = set(Department.objects.values_list("code", flat=True))
    found = [
        _line(name, faults.get(name), owed.get(name), calls.get(name, 0))
        for name in known | {HUB} | set(faults) | set(owed)
    ]
    return sorted(
        found,
        key=lambda line: (
            line.state == Breaker.State.CLOSED,
            line.oldest_at or now,
            line.department,
        ),
    )


class Held(NamedTuple):
    """What one worker has in hand at one department."""

    owner: str
    department: str
    exchanges: int
    until: datetime


def held() -> list[Held]:
    """Return who holds questions, also where the lease is over, oldest lease first."""
    rows = Exchange.objects.open().filter(leased_until__isnull=False)
    grouped = rows.values("lease_owner", "department").annotate(
        exchanges=Count("pk"), until=Min("leased_until")
    )
    columns = ("lease_owner", "department", "exchanges", "until")
    return [Held(*row) for row in grouped.order_by("until").values_list(*columns)]


def incidents(*, open_only: bool = True) -> list[Incident]:
    """Return what operations must look at, the oldest first; then what is closed."""
    latest = F("closed_at").desc(nulls_first=True)
    rows = Incident.objects.order_by(latest, "opened_at", "pk")
    return list(rows.filter(closed_at__isnull=True) if open_only else rows)


def _admits(row: Breaker, now: datetime) -> bool:
    return breaker.admission([row.standing()], now) is not breaker.Admission.NOTHING


def _calls(now: datetime) -> dict[str, int]:
    rows = Call.objects.filter(leased_until__gt=now).values("department")
    counted = rows.annotate(calls=Count("pk"))
    return dict(counted.values_list("department", "calls"))


def _line(
    name: str, fault: Breaker | None, owed: Waiting | None, calls: int
) -> LineStatus:
    fault = fault or Breaker(line=name)
    return LineStatus(
        department=name,
        state=fault.state,
        since=fault.opened_at,
        probe_at=fault.probe_at,
        waiting=owed.exchanges if owed else 0,
        oldest_at=owed.oldest_at if owed else None,
        with_officer=owed.with_officer if owed else 0,
        calls_now=calls,
        last_code=fault.last_code,
        last_error_at=fault.last_error_at,
    )


def departments_due(now: datetime) -> list[str]:
    """Return the departments that may be asked and have questions nobody holds."""
    due = (
        Exchange.objects.open()
        .filter(leased_until__isnull=True, next_attempt_at__lte=now)
        .order_by("department")
        .values_list("department", flat=True)
        .distinct()
    )
    faulty = [row for row in breakers() if not _admits(row, now)]
    resting = {row.line for row in faulty}
    if HUB in resting:
        behind = Department.objects.filter(via_hub=True)
        resting.update(behind.values_list("code", flat=True))
    return [code for code in due if code not in resting]


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
