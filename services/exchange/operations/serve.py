"""Ask a department everything that waits for it, many questions at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from services.common.statements import NO_DATABASE
from services.dispatch.operations.ring import ring
from services.exchange.bulkhead import ALONE, Manners
from services.exchange.inquire import inquire
from services.exchange.operations.ask import SERVE
from services.exchange.operations.line import lines_to, note_call, take
from services.exchange.operations.lost import note_lost_calls
from services.exchange.operations.salvage import settle_apart
from services.exchange.operations.settle import settle
from services.exchange.places import Visit
from services.exchange.queries import departments_due
from services.ledger.grace import proof_is_late

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

BATCH = 200
BATCHES = 25  # then others have their turn; what is left is rung for anew


def serve_department(
    *, code: str, clock: Clock, batch: int = BATCH, manners: Manners = ALONE
) -> int:
    """
    Ask one department what is due; return how many exchanges were written.

    An answer that cannot be written takes no other with it: it becomes an incident.
    Nobody is asked while the proof of earlier questions is late. Goes on while whole
    batches wait, if it may. Safe to run several times at once:
    more than a few find no place at the department. In a thread among others no
    database connection is held while the department thinks.
    """
    if proof_is_late(clock()):
        return 0
    visit = Visit.to(code)
    written = 0
    try:
        for _ in range(BATCHES):
            asked, done = _ask(visit, clock, batch, manners)
            written += done
            if asked < batch:
                return written
            if not manners.may_go_on():
                break
        ring(SERVE, code=code)
    finally:
        visit.leave()
    return written


def serve_all(*, clock: Clock) -> int:
    """Ask every department what is due, in this process; for tests and scripts."""
    note_lost_calls(now=clock())
    return sum(
        serve_department(code=code, clock=clock) for code in departments_due(clock())
    )


def _ask(visit: Visit, clock: Clock, batch: int, manners: Manners) -> tuple[int, int]:
    """Ask one batch; return how many were asked and how many written."""
    lines = lines_to(visit.department)
    exchanges = take(visit, lines=lines, now=clock(), limit=batch)
    if not exchanges:
        return 0, 0
    manners.let_go()
    started_at = clock()
    answers = inquire(exchanges, now=started_at)
    try:
        with transaction.atomic():
            results = settle(
                batch=exchanges, answers=answers, started_at=started_at, now=clock()
            )
            if len(exchanges) < batch:  # it was the last one
                visit.leave()
    except (SoftTimeLimitExceeded, *NO_DATABASE):
        raise  # the lease runs out
    except Exception:  # which of them is it?
        logger.warning("%d answers together failed", len(exchanges), exc_info=True)
        results = settle_apart(
            batch=exchanges, answers=answers, started_at=started_at, now=clock()
        )
    note_call(
        department=visit.department,
        lines=lines,
        lost=answers.lost_call(),
        now=clock(),
    )
    return len(exchanges), len(results)
