"""Keep answers that come after their call has timed out, and hand them over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.departments.gateways.contract import Answer
from services.departments.gateways.wire import answer_from_json, answer_to_json
from services.departments.models import LateAnswer


def keep_late(
    *, department: str, answers: Sequence[Answer], due_at: datetime, reply_to: str = ""
) -> None:
    """Keep each answer until its time; one that waits already keeps its own."""
    LateAnswer.objects.bulk_create(
        [
            LateAnswer(
                request_id=answer.request_id,
                department=department,
                answer=answer_to_json(answer),
                due_at=due_at,
                reply_to=reply_to,
            )
            for answer in answers
        ],
        ignore_conflicts=True,
    )


def hand_over(*, now: datetime) -> list[tuple[str, Answer]]:
    """Return the answers whose time has come, each once, with its department."""
    return [
        (late.department, answer_from_json(late.answer))
        for late in LateAnswer.objects.filter(
            due_at__lte=now, handed_over_at__isnull=True
        ).order_by("due_at", "request_id")
        if LateAnswer.objects.filter(pk=late.pk, handed_over_at__isnull=True).update(
            handed_over_at=now
        )
    ]
