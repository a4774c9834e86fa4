"""Carry on a case that was just filed, unless it waits for a first answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max

from services.cases.operations.advance import advance
from services.exchange.models import Exchange

BEGIN = "cases.begin"  # the message that a filing leaves behind


def begin(*, references: Sequence[str], now: datetime) -> int:
    """
    Carry cases on; return how many there was anything to do for.

    Where nobody has been asked yet there is nothing to do: the answers are recorded
    after the filing, and carry the case on when they come.
    """
    waiting = set(_waiting_for_first_answer(references))
    ready = [reference for reference in references if reference not in waiting]
    return advance(references=ready, now=now) if ready else 0


def _waiting_for_first_answer(references: Sequence[str]) -> list[str]:
    asked = Exchange.objects.filter(case__among=references).values("case")
    counted = asked.annotate(settled=Count("settled_at"), tried=Max("attempts_made"))
    return list(counted.filter(settled=0, tried=0).values_list("case", flat=True))
