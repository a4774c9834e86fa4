"""Put questions to one department, outside any transaction, and check what it says."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from services.common.subjects import parse_subject
from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import Question
from services.exchange.answers import Sorted, sort_answers, unavailable
from services.exchange.models import Exchange

logger = logging.getLogger(__name__)


def inquire(exchanges: Sequence[Exchange], *, now: datetime) -> Sorted:
    """Ask about exchanges of one department; a gateway that raises is nobody."""
    department = exchanges[0].department
    questions = [as_question(exchange) for exchange in exchanges]
    try:
        answers = gateway().ask_many(
            department=department, questions=questions, now=now
        )
    except Exception:
        logger.exception("the gateway to %s raised", department)
        answers = [unavailable(one.request_id, "SERVER_ERROR") for one in questions]
    return sort_answers(questions, answers, timezone.localdate(now))


def as_question(exchange: Exchange) -> Question:
    """Return an exchange as the department reads it: the same for every attempt."""
    return Question(
        request_id=exchange.public_id,
        material=exchange.material,
        subject=parse_subject(exchange.subject),
        entity=exchange.entity,
        holder_name=exchange.holder_name,
        former_names=tuple(exchange.former_names),
        purpose=exchange.purpose,
        basis=exchange.basis,
    )
