"""Keep certificates that were issued; the same number is kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from services.departments.faults import UNSEEN, Mode
from services.departments.gateways.contract import Deposit
from services.departments.house import profiles
from services.departments.models import Record
from services.departments.operations.copy import forget_copies
from services.departments.operations.note import note_deposits
from services.departments.reply import Reply, Terms, meet
from services.departments.router import ALIAS


def take_in(*, department: str, deposits: Sequence[Deposit], terms: Terms) -> Reply:
    """
    Return what a department says to certificates that it has to keep.

    Where only the answer is lost, the certificates are kept all the same.
    """
    profile = profiles(department)[department]
    reply = meet(profile, call=deposits[0].number, terms=terms)
    if reply.mode in UNSEEN or reply.mode == Mode.NOT_AUTHORISED:
        return reply
    kept = keep_deposits(department=department, deposits=deposits, now=terms.now)
    if reply.mode == Mode.WRONG_REQUEST_ID:
        kept = {f"{number}x" for number in kept}
    return replace(reply, kept=frozenset(kept))


def keep_deposits(
    *, department: str, deposits: Sequence[Deposit], now: datetime
) -> set[str]:
    """
    Return the numbers that are now kept; what a deposit replaces is cancelled.

    The journal tells which are new, and the hub lets go of its copies.
    """
    numbers = {deposit.number for deposit in deposits}
    with transaction.atomic(using=ALIAS):
        before = _rows(deposits)
        Record.objects.bulk_create(
            [_record(deposit, now) for deposit in deposits], ignore_conflicts=True
        )
        # Somebody may have deposited the same meanwhile: then the time is another.
        new = {
            row.number for row in _rows(deposits) - before if row.deposited_at == now
        }
        _cancel_replaced(deposits)
        forget_copies(deposits=deposits)
        effects = {number: int(number in new) for number in sorted(numbers)}
        note_deposits(department=department, effects=effects, now=now)
    return numbers


class Kept(NamedTuple):
    """What tells a deposited row from another."""

    number: str
    subject_kind: str
    subject_key: str
    deposited_at: datetime | None


def _rows(deposits: Sequence[Deposit]) -> set[Kept]:
    rows = Record.objects.filter(
        material__in={deposit.material for deposit in deposits},
        number__among={deposit.number for deposit in deposits},
    )
    return {Kept(*row) for row in rows.values_list(*Kept._fields)}


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
        Record.objects.filter(material=material, number__among=numbers).update(
            status=Record.Status.CANCELLED
        )
