"""Calls that vanished with their worker: each was an attempt that nobody answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from services.exchange.answers import Sorted, unavailable
from services.exchange.claim import LEASE, NO_LEASE
from services.exchange.models import Exchange
from services.exchange.operations.apart import each_apart
from services.exchange.operations.settle import settle


def note_lost_calls(*, now: datetime) -> int:
    """
    Take back questions whose lease ran out, and count the call; return how many.

    A lease that lies further ahead than any is given was written before the clock was
    put back. Whoever still holds it finds that the fence has been raised.
    """
    over = Q(leased_until__lte=now) | Q(leased_until__gt=now + NO_LEASE)
    return each_apart(
        Exchange.objects.open().filter(over), lambda rows: _settle(rows, now), now=now
    )


def _settle(rows: Sequence[Exchange], now: datetime) -> None:
    silence = {one.public_id: unavailable(one.public_id, "TIMEOUT") for one in rows}
    began = min(one.leased_until for one in rows if one.leased_until) - LEASE
    settle(batch=list(rows), answers=Sorted(silence, ()), started_at=began, now=now)
