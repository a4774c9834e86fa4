"""Keep certificates that were issued; the same number is kept once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from services.departments.gateways.contract import Deposit
from services.departments.models import Record
from services.departments.router import ALIAS


def keep_deposits(*, deposits: Sequence[Deposit], now: datetime) -> set[str]:
    """Return the numbers that are now kept; what a deposit replaces is cancelled."""
    with transaction.atomic(using=ALIAS):
        Record.objects.bulk_create(
            [_record(deposit, now) for deposit in deposits], ignore_conflicts=True
        )
        _cancel_replaced(deposits)
    return {deposit.number for deposit in deposits}


def _record(deposit: Deposit, now: datetime) -> Record:
    return Record(
        department=deposit.department,
        material=deposit.material,
        number=deposit.number,
        subject_kind=deposit.subject.kind,
        subject_key=deposit.subject.key,
        entity=deposit.entity,
        holder_name=deposit.holder_name,
        attributes=dict(deposit.attributes),
        issued_on=deposit.issued_on,
        valid_until=deposit.valid_until,
        deposited_at=now,
    )


def _cancel_replaced(deposits: Sequence[Deposit]) -> None:
    """Cancel by number and material: a number alone may occur in two registers."""
    by_material: dict[str, set[str]] = {}
    for deposit in deposits:
        if deposit.replaces:
            by_material.setdefault(deposit.material, set()).add(deposit.replaces)
    for material, numbers in by_material.items():
        Record.objects.filter(material=material, number__in=numbers).update(
            status=Record.Status.CANCELLED
        )
