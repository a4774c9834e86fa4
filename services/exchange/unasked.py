"""Questions that stand although nothing is in their way."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q

from services.catalogue.models import Department
from services.departments.gateways.contract import HUB
from services.exchange.models import Breaker, Call, Exchange
from services.exchange.places import QUESTIONS


class Unasked(NamedTuple):
    """How much is due that nobody asks about, and since when."""

    exchanges: int
    oldest_due_at: datetime | None


def unasked(now: datetime) -> Unasked:
    """
    Count what is due and in nobody's hands, though its line is not known as broken.

    Where somebody is at a department just now, its others wait in a queue that moves.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    due = Exchange.objects.open().filter(free, next_attempt_at__lte=now)
    left = due.exclude(department__in=_in_good_hands(now))
    return Unasked(
        **left.aggregate(exchanges=Count("pk"), oldest_due_at=Min("next_attempt_at"))
    )


def _in_good_hands(now: datetime) -> set[str]:
    broken = Breaker.objects.exclude(state=Breaker.State.CLOSED)
    asked = Call.objects.filter(leased_until__gt=now, place__in=QUESTIONS)
    found = set(broken.values_list("line", flat=True))
    if HUB in found:
        behind = Department.objects.filter(via_hub=True)
        found |= set(behind.values_list("code", flat=True))
    return found | set(asked.values_list("department", flat=True))
