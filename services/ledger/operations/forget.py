"""
Forget lawfully: details whose time is over, and whoever may ask for it.

Leaves stay, so every proof still holds. Each removal stands in one transaction with
its `log.forgotten`, which tells `fsck_log` what may be missing (services.ledger.
forgotten).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from services.common.actors import Actor
from services.common.errors import DomainError
from services.ledger.entry import Entry
from services.ledger.forgotten import Forgotten
from services.ledger.models import EntryDetails, LogEntry, Pseudonym
from services.ledger.operations.record import record, record_many
from services.ledger.retention import CLASSES, FORGOTTEN, NAMES, NAMES_KEPT, DataClass

ROWS_AT_ONCE = 5_000
EXPIRED, ON_REQUEST = "EXPIRED", "ON_REQUEST"
PURPOSES = {EXPIRED: "保存期限届满", ON_REQUEST: "依申请删除个人信息"}
LAW = "个人信息保护法第47条"


class NotInLog(DomainError):
    """Nobody stands in the log under this name."""

    code = "not_in_log"


def forget_subjects(
    *, names: Sequence[str], actor: Actor, now: datetime, basis: str = LAW
) -> int:
    """
    Forget who these are ("kind:key"), with all details of what is about them.

    Return how many details that were. Whoever comes again gets another pseudonym.

    :raises NotInLog: naming those whom the log does not know, or no longer.
    """
    with transaction.atomic():
        rows = list(Pseudonym.objects.filter(clear__in=names).order_by("clear"))
        strangers = sorted(set(names) - {row.clear for row in rows})
        if strangers or not rows:
            raise NotInLog(", ".join(strangers))
        removed = {row.clear: _remove_about([row.pseudonym]) for row in rows}
        entries = [
            _entry(ON_REQUEST, actor, basis, {"removed": count}, clear)
            for clear, count in removed.items()
        ]
        record_many(entries, at=now)
        # No row was locked: whoever may forget may delete rows, not change them.
        if _delete_names(rows) < len(rows):
            raise NotInLog(", ".join(names))
    return sum(removed.values())


def forget_expired(*, actor: Actor, now: datetime) -> dict[str, int]:
    """
    Forget all that is older than its class is kept; return how many for each class.

    Whoever was forgotten while somebody was just writing about them may have left
    details behind: those go first.
    """
    _remove_about(Forgotten.read().names)
    counts = {each.code: _forget_class(each, actor, now) for each in CLASSES}
    return {**counts, NAMES: _forget_names(actor, now)}


def _forget_class(which: DataClass, actor: Actor, now: datetime) -> int:
    entry = LogEntry.objects.filter(
        pk=OuterRef("entry_id"), type__in=which.types, at__lt=now - which.kept
    )
    expired = EntryDetails.objects.filter(Exists(entry)).order_by("pk")
    total = 0
    while True:
        with transaction.atomic():
            removed = _remove(expired[:ROWS_AT_ONCE])
            if removed:
                record(
                    _expiry(which.code, which.types, now - which.kept, removed, actor),
                    at=now,
                )
        total += removed
        if removed < ROWS_AT_ONCE:
            return total


def _forget_names(actor: Actor, now: datetime) -> int:
    """Forget who has not been named for long; the leaves name nobody then."""
    before = now - NAMES_KEPT
    named = LogEntry.objects.filter(at__gte=before)
    with transaction.atomic():
        unused = Pseudonym.objects.exclude(
            Exists(named.filter(subject=OuterRef("pseudonym")))
        ).exclude(Exists(named.filter(actor=OuterRef("pseudonym"))))
        removed = unused.delete()[0]
        if removed:
            record(_expiry(NAMES, [], before, removed, actor), at=now)
    return removed


def _remove_about(pseudonyms: Iterable[str]) -> int:
    entries = LogEntry.objects.filter(subject__among=pseudonyms)
    wanted = entries.exclude(type=FORGOTTEN).values("pk")
    return _remove(EntryDetails.objects.filter(entry_id__in=wanted))


def _remove(details: QuerySet[EntryDetails]) -> int:
    """Delete these rows by their keys; return how many were still there."""
    ids = list(details.values_list("pk", flat=True))
    return EntryDetails.objects.filter(pk__among=ids).delete()[0]


def _delete_names(rows: Sequence[Pseudonym]) -> int:
    return Pseudonym.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def _expiry(
    code: str, types: list[str], before: datetime, removed: int, actor: Actor
) -> Entry:
    """Return the entry that says what may be missing from now on."""
    details = {"class": code, "types": types, "before": before, "removed": removed}
    return _entry(EXPIRED, actor, LAW, details)


def _entry(
    code: str,
    actor: Actor,
    basis: str,
    details: Mapping[str, object],
    subject: str = "",
) -> Entry:
    return Entry(
        type=FORGOTTEN,
        actor=actor,
        subject=subject,
        purpose=PURPOSES[code],
        basis=basis,
        code=code,
        details=details,
    )
