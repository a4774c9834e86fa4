"""Ask over lines that carry; leave alone what is down, and notice it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from services.catalogue.models import Department
from services.departments.gateways.contract import HUB, UNAVAILABLE, Answer
from services.dispatch.operations.ring import ring
from services.exchange import breaker
from services.exchange.breaker import PROBE_SIZE, Admission
from services.exchange.claim import claim
from services.exchange.models import Breaker, Exchange
from services.exchange.operations.ask import SERVE
from services.exchange.places import Visit

LINES = """\
SELECT * FROM exchange_breaker
 WHERE line = %s
    OR (line = %s AND EXISTS (
       SELECT 1 FROM catalogue_department WHERE code = %s AND via_hub))
"""


def lines_to(department: str) -> list[Breaker]:
    """Return what is known of the lines to a department: its own, and the hub's."""
    return list(Breaker.objects.raw(LINES, [department, HUB, department]))


def own_line(department: str) -> list[Breaker]:
    """Return what is known of the line that certificates take: past the hub."""
    return list(Breaker.objects.filter(line=department))


def take(
    visit: Visit, *, lines: Sequence[Breaker], now: datetime, limit: int
) -> list[Exchange]:
    """Claim what may be asked now, with a place at the department to ask it from."""
    with transaction.atomic():
        most = admit(lines, now=now, limit=limit)
        exchanges = most and claim(
            department=visit.department, owner=visit.owner, now=now, limit=most
        )
        if exchanges and visit.take_place(now):
            return exchanges
        transaction.set_rollback(True)
    return []


def admit(lines: Sequence[Breaker], *, now: datetime, limit: int) -> int:
    """
    Return how many may be sent over these lines now, of so many.

    Over a line that is open only one small probe goes, whoever else would like to: its
    row is moved by compare-and-set, in a transaction that is undone if nothing goes.
    """
    admitted = breaker.admission([line.standing() for line in lines], now)
    if admitted is Admission.ALL:
        return limit
    if admitted is Admission.PROBE and all(_probe(line, now) for line in lines):
        return min(limit, PROBE_SIZE)
    return 0


def note_call(
    *, department: str, lines: Sequence[Breaker], lost: Answer | None, now: datetime
) -> None:
    """
    Keep what a call says about the lines it went over.

    Only a fault, or the end of one, is written. The first call that gets through
    makes everything due that waits for the line.

    :param lost: the answer of nobody, if the call as a whole brought nothing.
    """
    if lost is None:
        carried = {department, HUB}
    elif lost.via == HUB:  # nobody came as far as the department
        carried = set()
        _count_failure(HUB, lost.code, now)
    else:
        carried = {HUB}
        _count_failure(department, lost.code, now)
    for line in lines:
        if line.line in carried and (line.failures or line.state != breaker.CLOSED):
            _close(line, now)


def _probe(line: Breaker, now: datetime) -> bool:
    """Move a line to half open; False if somebody else did."""
    before, after = line.standing(), breaker.probing(line.standing(), now)
    if before == after:
        return True
    moved = Breaker.objects.filter(
        line=line.line, state=before.state, probe_at=before.probe_at
    )
    return bool(
        moved.update(state=after.state, probe_at=after.probe_at, changed_at=now)
    )


def _count_failure(name: str, code: str, now: datetime) -> None:
    with transaction.atomic():
        row, _ = Breaker.objects.select_for_update().get_or_create(line=name)
        before = row.standing()
        after = breaker.after_failure(before, name=name, now=now)
        row.state, row.failures, row.opened_at, row.probe_at = after
        row.last_code, row.last_error_at = code, now
        if before.state != after.state:
            row.changed_at = now
        row.save()


def _close(line: Breaker, now: datetime) -> None:
    """Close a line and make due what met a fault on it."""
    with transaction.atomic():
        Breaker.objects.filter(line=line.line).update(
            state=breaker.CLOSED,
            failures=0,
            opened_at=None,
            probe_at=None,
            changed_at=now,
        )
        waiting = Exchange.objects.open().filter(
            _led_to_by(line.line),
            outcome=UNAVAILABLE,
            leased_until__isnull=True,
            next_attempt_at__gt=now,
        )
        if waiting.update(next_attempt_at=now) and line.line != HUB:
            ring(SERVE, code=line.line)  # of those behind the hub the sweep knows


def _led_to_by(line: str) -> Q:
    if line != HUB:
        return Q(department=line)
    behind = Department.objects.filter(via_hub=True)
    return Q(department__in=behind.values("pk"))
