"""Do something with many rows so that one that cannot be done stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from services.common.statements import NO_DATABASE
from services.exchange.models import Exchange, ExchangeQuerySet, Incident
from services.exchange.operations.incident import STUCK, open_incident

logger = logging.getLogger(__name__)

AT_ONCE = 500
Work = Callable[[Sequence[Exchange]], None]


def each_apart(
    rows: ExchangeQuerySet, work: Work, *, now: datetime, at_once: int = AT_ONCE
) -> int:
    """
    Lock rows and do the work on all of them in one transaction; return how many.

    If it fails, on each of them alone. One that fails alone is left to operations, as
    an incident, and not touched again before that is closed. Where the database is what
    fails, none of them is to blame. Rows that others hold are left to them.
    """
    stuck = Incident.objects.filter(kind=STUCK, closed_at__isnull=True)
    chosen = rows.exclude(public_id__in=stuck.values("about"))
    names = list(chosen.order_by("pk").values_list("pk", flat=True)[:at_once])
    if not names:
        return 0
    try:
        return _do(rows, names, work)
    except (SoftTimeLimitExceeded, *NO_DATABASE):
        raise
    except Exception:  # which of them is it?
        logger.warning("%d exchanges together failed", len(names), exc_info=True)
    return sum(_do_alone(rows, name, work, now) for name in names)


def _do(rows: ExchangeQuerySet, names: Sequence[int], work: Work) -> int:
    with transaction.atomic():
        locked = rows.filter(pk__in=names).select_for_update(skip_locked=True)
        held = list(locked.order_by("pk"))
        if held:
            work(held)
    return len(held)


def _do_alone(rows: ExchangeQuerySet, name: int, work: Work, now: datetime) -> int:
    try:
        return _do(rows, [name], work)
    except (SoftTimeLimitExceeded, *NO_DATABASE):
        raise
    except Exception as failure:
        logger.exception("exchange %s failed", name)
        note_stuck(Exchange.objects.get(pk=name), failure, now=now)
    return 0


def note_stuck(exchange: Exchange, failure: Exception, *, now: datetime) -> None:
    """Leave an exchange to operations."""
    text = f"{exchange.department}: {type(failure).__name__}: {failure}"[:500]
    open_incident(kind=STUCK, about=exchange.public_id, text=text, now=now)
