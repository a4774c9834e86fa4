"""Case numbers: reserved in a transaction of their own, before any effect."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from services.cases.models import CaseNumber
from services.catalogue.queries import city
from services.common.actors import SYSTEM
from services.common.errors import DomainError
from services.common.statements import change
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many


class NumberVoid(DomainError):
    """The reserved number was voided before the case came."""

    code = "number_void"


UNUSED_AFTER = timedelta(minutes=10)
NEXT_SQL = (
    "INSERT INTO cases_numberseries (day, last) VALUES (%s, %s) "
    "ON CONFLICT (day) DO UPDATE SET last = cases_numberseries.last + excluded.last "
    "RETURNING last"
)
# The same, and the numbers themselves, in one turn; SQLite knows no such statement. It
# does not wait for the disk: whatever uses a number reaches the disk after it.
RESERVE_SQL = f"""
WITH hurried AS (SELECT set_config('synchronous_commit', 'off', true)),
     counted AS ({NEXT_SQL})
INSERT INTO cases_casenumber (number, reserved_at, void_reason)
SELECT %s || lpad(n::text, greatest(6, length(n::text)), '0'), %s, ''
  FROM hurried, counted, generate_series(counted.last - %s + 1, counted.last) AS n
RETURNING number
"""  # noqa: S608
USE_SQL = (
    "UPDATE cases_casenumber SET used_at = %s WHERE number = %s AND voided_at IS NULL"
)


def reserve_numbers(count: int, *, now: datetime) -> list[str]:
    """Return so many new numbers of the day in Shanghai: 330100-20261123-000001."""
    day = timezone.localtime(now).date()
    prefix = f"{city().code}-{day:%Y%m%d}-"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(RESERVE_SQL, [day, count, prefix, now, count])
            return sorted(row[0] for row in cursor.fetchall())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NEXT_SQL, [day, count])
            last: int = cursor.fetchone()[0]
        numbers = [f"{prefix}{n:06d}" for n in range(last - count + 1, last + 1)]
        CaseNumber.objects.bulk_create(
            CaseNumber(number=number, reserved_at=now) for number in numbers
        )
    return numbers


def reserve_number(*, now: datetime) -> str:
    """Return one new number of the day."""
    return reserve_numbers(1, now=now)[0]


def mark_used(number: str, *, now: datetime) -> None:
    """
    Say that a number has its case; stands in the transaction that files it.

    :raises NumberVoid: if filing took so long that the number was voided meanwhile.
    """
    if not change(connection, USE_SQL, [now, number]):
        raise NumberVoid(number)


def void_unused_numbers(*, now: datetime) -> int:
    """Void numbers that never got a case, with the reason; return how many."""
    with transaction.atomic():
        stale = list(
            CaseNumber.objects.select_for_update()
            .filter(
                used_at__isnull=True,
                voided_at__isnull=True,
                reserved_at__lt=now - UNUSED_AFTER,
            )
            .values_list("number", flat=True)[:500]
        )
        if stale:
            CaseNumber.objects.filter(number__in=stale).update(
                voided_at=now, void_reason="filing_not_completed"
            )
            record_many(
                [
                    Entry(
                        type="case.voided",
                        actor=SYSTEM,
                        code="FILING_NOT_COMPLETED",
                        details={"number": number},
                    )
                    for number in stale
                ],
                at=now,
            )
    return len(stale)
