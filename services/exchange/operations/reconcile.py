"""Hold our books against each department's own; changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from services.catalogue.models import Department
from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import (
    HUB,
    DepartmentsUnreachable,
    Seen,
)
from services.exchange.codes import REAL
from services.exchange.comparison import Comparison, Ours
from services.exchange.models import Attempt, DepositOrder, Exchange

MARGIN = timedelta(minutes=1)  # between their clock and ours
KEPT = "KEPT"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of it; `silent` are departments that did not show their books."""

    since: datetime
    departments: tuple[str, ...]
    questions: Comparison
    deposits: Comparison
    silent: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether everybody showed books, and they agree with ours."""
        found = self.questions.differences or self.deposits.differences
        return not found and not self.silent


def reconcile(
    *, since: datetime, now: datetime, department: str | None = None
) -> Reconciliation:
    """
    Compare what was asked and deposited since then with the departments' journals.

    What is written after `now` is left for another time: nobody closes the books while
    they are read. What the hub answers from its copies stands in a journal of its own,
    which is read with those of the departments behind it.
    """
    codes = [department] if department else [*_everybody(), HUB]
    seen: list[Seen] = []
    silent = []
    for code in dict.fromkeys([*codes, HUB]):
        try:
            seen += gateway().journal(department=code, since=since - MARGIN)
        except DepartmentsUnreachable:
            silent.append(code)
    questions, deposits = Comparison(), Comparison()
    ours = _questions(codes, since, now)
    there = _in_scope(seen, "question", ours, codes)
    questions.compare(ours, there, most_effects=0)
    orders = _orders(codes, since, now)
    there = _in_scope(seen, "deposit", orders, codes)
    deposits.compare(orders, there, most_effects=1)
    return Reconciliation(since, tuple(codes), questions, deposits, tuple(silent))


def _everybody() -> list[str]:
    return sorted(Department.objects.values_list("code", flat=True))


def _questions(
    codes: Collection[str], since: datetime, now: datetime
) -> dict[str, Ours]:
    """Return what we asked, by request id."""
    asked = Exchange.objects.filter(
        department__in=codes, issued_at__gte=since, issued_at__lte=now
    )
    told = Attempt.objects.filter(
        exchange__in=asked, outcome__in=REAL, finished_at__lte=now
    )
    outcomes = dict(told.order_by("number").values_list("exchange_id", "outcome"))
    written = Q(attempts__finished_at__lte=now)
    rows = asked.annotate(calls=Count("attempts", filter=written))
    return {
        name: Ours(department, calls, outcomes.get(pk, ""), may_be_under_way=fence > 0)
        for pk, name, department, calls, fence in rows.values_list(
            "pk", "public_id", "department", "calls", "fence"
        )
    }


def _orders(codes: Collection[str], since: datetime, now: datetime) -> dict[str, Ours]:
    """Return which certificates we took to their offices, by number."""
    orders = DepositOrder.objects.filter(
        department__in=codes, ordered_at__gte=since, ordered_at__lte=now
    )
    return {
        number: Ours(
            department,
            tries,
            KEPT if kept_at and kept_at <= now else "",
            may_be_under_way=True,
        )
        for number, department, tries, kept_at in orders.values_list(
            "number", "department", "attempts_made", "kept_at"
        )
    }


def _in_scope(
    seen: Iterable[Seen], kind: str, ours: Collection[str], codes: Collection[str]
) -> list[Seen]:
    """Leave out what we asked earlier, or asked another department through the hub."""
    lines = [one for one in seen if one.kind == kind]
    others = {one.request_id for one in lines if one.request_id not in ours}
    known = _known(kind, sorted(others))
    return [
        one
        for one in lines
        if one.request_id in ours
        or (one.request_id not in known and one.department in codes)
    ]


def _known(kind: str, names: Sequence[str]) -> set[str]:
    """Return which of these request ids are ours at all."""
    rows, column = (
        (Exchange.objects, "public_id")
        if kind == "question"
        else (DepositOrder.objects, "number")
    )
    found: set[str] = set()
    for start in range(0, len(names), AT_ONCE):
        some = {f"{column}__in": names[start : start + AT_ONCE]}
        found.update(rows.filter(**some).values_list(column, flat=True))
    return found
