"""
Do in this process, and at a given time, what workers would do at theirs.

For building a demo city of the past weeks and for tests with a fixed clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from services.cases.operations.advance import advance
from services.cases.operations.begin import begin
from services.cases.operations.certify import certificates_kept
from services.dispatch.models import OutboxMessage
from services.exchange.operations.deposit import deliver_deposits
from services.exchange.operations.serve import serve_all

ROUNDS = 50  # a case needs five or six; more means that something goes in circles
WORK: dict[str, Callable[[list[str], datetime], object]] = {
    "cases.begin": lambda keys, now: begin(references=keys, now=now),
    "cases.advance": lambda keys, now: advance(references=keys, now=now),
    "cases.certificates_kept": lambda keys, now: certificates_kept(
        numbers=keys, now=now
    ),
    "exchange.deposit": lambda keys, now: deliver_deposits(
        numbers=keys, clock=lambda: now
    ),
}


def carry_on(*, now: datetime) -> int:
    """Serve and deliver until nothing is due; return how many rounds that took."""
    for done in range(ROUNDS):
        answered = serve_all(clock=lambda: now)
        if not _deliver(now) and not answered:
            return done
    return ROUNDS


def _deliver(now: datetime) -> int:
    due: dict[str, list[OutboxMessage]] = defaultdict(list)
    for message in OutboxMessage.objects.filter(available_at__lte=now).order_by("pk"):
        due[message.task].append(message)
    for task, messages in due.items():
        WORK[task](sorted({message.key for message in messages}), now)
        OutboxMessage.objects.filter(pk__in=[m.pk for m in messages]).delete()
    return len(due)
