"""Promise to answer later, and keep to the time that was promised first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.departments.models import Deferral


def promise_times(
    *, request_ids: Sequence[str], answer_at: datetime
) -> dict[str, datetime]:
    """Return when each question is answered: as promised before, else `answer_at`."""
    Deferral.objects.bulk_create(
        [Deferral(request_id=name, answer_at=answer_at) for name in request_ids],
        ignore_conflicts=True,
    )
    rows = Deferral.objects.filter(request_id__in=request_ids)
    return dict(rows.values_list("request_id", "answer_at"))
