"""Find what nobody thought of: once a second, each step apart from the others."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Q

from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import Answer
from services.dispatch.operations.ring import ring
from services.exchange.models import Exchange
from services.exchange.operations.ask import SERVE
from services.exchange.operations.deposit import send_lost_deposits
from services.exchange.operations.incident import look_after_incidents
from services.exchange.operations.late_officers import note_late_officers
from services.exchange.operations.lost import note_lost_calls
from services.exchange.operations.overdue import call_officers
from services.exchange.operations.receive import receive_answers
from services.exchange.queries import departments_due

logger = logging.getLogger(__name__)

SKEW = timedelta(seconds=5)  # between two machines, and between two looks at a clock


def sweep(*, now: datetime) -> list[str]:
    """Put right what was left behind; ring for every department that may be asked."""
    for step in STEPS:
        try:
            step(now=now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("the sweep went on without %s", step.__name__)
    due = departments_due(now)
    for code in due:
        ring(SERVE, code=code)
    return due


def put_clock_right(*, now: datetime) -> int:
    """Make due what was put off by a clock that has been put back since."""
    later = now + SKEW
    put_off = Exchange.objects.open().filter(
        Q(answered_at__gt=later) | Q(answered_at__isnull=True, issued_at__gt=later),
        next_attempt_at__gt=now,
    )
    return put_off.update(next_attempt_at=now)


def take_late_answers(*, now: datetime) -> None:
    """Take in what in-process departments say late; over the wire they call us."""
    late: dict[str, list[Answer]] = defaultdict(list)
    for department, answer in gateway().late_answers(now=now):
        late[department].append(answer)
    for department, answers in late.items():
        receive_answers(department=department, answers=answers, now=now)


STEPS = (
    put_clock_right,
    note_lost_calls,
    take_late_answers,
    call_officers,
    note_late_officers,
    look_after_incidents,
    send_lost_deposits,
)
