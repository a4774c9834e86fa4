"""Settle each question of a batch alone, where all of them together could not be."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from services.common.statements import NO_DATABASE
from services.exchange.answers import Sorted
from services.exchange.models import Exchange
from services.exchange.operations.apart import note_stuck
from services.exchange.operations.settle import settle
from services.exchange.result import Result

logger = logging.getLogger(__name__)


def settle_apart(
    *, batch: Sequence[Exchange], answers: Sorted, started_at: datetime, now: datetime
) -> list[Result]:
    """
    Record what can be recorded; what fails alone is left to operations.

    Its lease runs out unanswered, and nobody takes it back before its incident is
    closed. What the department said to nobody is written once, with the first.
    """
    results: list[Result] = []
    rest = answers
    for exchange in batch:
        try:
            with transaction.atomic():
                done = settle(
                    batch=[exchange], answers=rest, started_at=started_at, now=now
                )
        except (SoftTimeLimitExceeded, *NO_DATABASE):
            raise
        except Exception as failure:
            logger.exception("exchange %s failed", exchange.pk)
            note_stuck(exchange, failure, now=now)
            continue
        if done:
            rest = Sorted(answers.answers, ())
        results += done
    return results
