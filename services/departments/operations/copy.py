"""What the hub keeps of the answers that it passed on, and when it lets go of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.db import connections, transaction

from services.common.bulk import insert_new_rows
from services.departments.gateways.contract import FOUND, Answer, Deposit, Question
from services.departments.gateways.judging import owner_of
from services.departments.gateways.wire import answer_to_json
from services.departments.models import HubCopy
from services.departments.router import ALIAS

COLUMNS = ("key", "owner", "material", "answer", "snapshot_at")
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def keep_copies(
    *, questions: Mapping[str, Question], answers: Sequence[Answer], now: datetime
) -> None:
    """
    Keep what was found; nothing else is kept, for it may change at any time.

    :param questions: by the key under which the answer is kept.
    """
    found = {one.request_id: one for one in answers if one.outcome == FOUND}
    rows = [
        (
            key,
            owner_of(question),
            question.material,
            ENCODER.encode(answer_to_json(found[question.request_id])),
            now,
        )
        for key, question in sorted(questions.items())  # one order: no deadlocks
        if question.request_id in found
    ]
    if not rows:
        return
    connection = connections[ALIAS]
    if insert_new_rows(connection, HubCopy, COLUMNS, rows) == len(rows):
        return
    with transaction.atomic(using=ALIAS):
        old = HubCopy.objects.filter(key__among=questions)
        old.filter(snapshot_at__lt=now).delete()
        insert_new_rows(connection, HubCopy, COLUMNS, rows)


def forget_copies(*, deposits: Sequence[Deposit]) -> None:
    """Let go of whatever a new certificate may replace or add to."""
    held = sorted({(deposit.material, deposit.entity) for deposit in deposits})
    for material, group in groupby(held, key=lambda pair: pair[0]):
        owners = [owner for _, owner in group]
        HubCopy.objects.filter(material=material, owner__among=owners).delete()


def forget_company(*, entity: str) -> None:
    """Let go of everything about a company."""
    HubCopy.objects.filter(owner=entity).delete()
