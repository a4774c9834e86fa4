"""Keep what departments showed: immutable, a refresh is a new row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from services.catalogue.models import Material
from services.common.among import among, listed
from services.common.bulk import Insert, insert_together
from services.common.ids import draw_ids
from services.common.statements import fetch
from services.departments.gateways.contract import FOUND, Answer, HeldRecord
from services.exchange.freshness import CERTIFICATE_DAYS, fresh_until, window_days
from services.exchange.models import Evidence, Exchange

COLUMNS = (
    "id",
    "department",
    "material",
    "subject",
    "entity",
    "records",
    "under_former_name",
    "obtained_at",
    "snapshot_at",
    "fresh_until",
)

WINDOWS = """
SELECT code, obtain_mode, validity_months FROM catalogue_material WHERE code {among}
"""


class Kept(NamedTuple):
    """Evidence as it was kept."""

    evidence: int
    fresh_until: datetime


def keep_evidence(
    answered: Sequence[tuple[Exchange, Answer]],
    *,
    now: datetime,
    beside: Insert | None = None,
) -> dict[int, Kept]:
    """
    Insert the evidence of every FOUND; return what was kept, by exchange id.

    :param beside: other rows that go to the server in the same turn.
    """
    connection = connections[router.db_for_write(Evidence)]
    kept, rows = _rows(connection, answered, now)
    inserts = [Insert(Evidence, COLUMNS, rows), *([beside] if beside else [])]
    insert_together(connection, *inserts)
    return kept


def _rows(
    connection: BaseDatabaseWrapper,
    answered: Sequence[tuple[Exchange, Answer]],
    now: datetime,
) -> tuple[dict[int, Kept], list[tuple[Any, ...]]]:
    found = [pair for pair in answered if pair[1].outcome == FOUND]
    if not found:
        return {}, []
    windows = _windows({exchange.material for exchange, _ in found})
    ids = draw_ids(connection, Evidence, len(found))
    rows: list[tuple[Any, ...]] = [
        (pk, *_columns(exchange, answer, windows, now))
        for pk, (exchange, answer) in zip(ids, found, strict=True)
    ]
    kept = {
        exchange.pk: Kept(pk, until)
        for pk, (*_, until), (exchange, _) in zip(ids, rows, found, strict=True)
    }
    return kept, rows


def _windows(materials: set[str]) -> dict[str, int]:
    """Return for how many days each material is fresh."""
    connection = connections[router.db_for_read(Material)]
    rows = fetch(
        connection,
        WINDOWS.format(among=among(connection)),
        [listed(connection, materials)],
    )
    return {code: window_days(mode, months) for code, mode, months in rows}


def _columns(
    exchange: Exchange, answer: Answer, windows: dict[str, int], now: datetime
) -> tuple[object, ...]:
    until = fresh_until(
        as_of=answer.snapshot_at or now,
        days=windows.get(exchange.material, CERTIFICATE_DAYS),
        last_days=[record.valid_until for record in answer.records],
        zone=timezone.get_default_timezone(),
    )
    return (
        exchange.department,
        exchange.material,
        exchange.subject,
        exchange.entity,
        json.dumps([_shown(record) for record in answer.records], ensure_ascii=False),
        answer.under_former_name,
        now,
        answer.snapshot_at,
        until,
    )


def _shown(record: HeldRecord) -> dict[str, object]:
    return {
        "number": record.number,
        "holder_name": record.holder_name,
        "entity": record.entity,
        "issued_on": record.issued_on.isoformat(),
        "valid_until": record.valid_until.isoformat() if record.valid_until else None,
        "attributes": {str(k): str(v) for k, v in record.attributes.items()},
    }
