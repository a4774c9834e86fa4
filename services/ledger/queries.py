"""What stands in the verification log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Min, Sum
from django.db.models.functions import Length

from services.common.errors import DomainError
from services.ledger.entry import read_leaf
from services.ledger.models import (
    EntryDetails,
    LogEntry,
    PendingEntries,
    Pseudonym,
    TreeHead,
)
from services.ledger.shelf import ID_BYTES
from services.ledger.tree import EMPTY_ROOT


class EntryUnknown(DomainError):
    """There is no entry with this number."""

    code = "log_entry_unknown"


class LogLine(NamedTuple):
    """One entry for reading; names are in clear where their salt still exists."""

    pk: int
    at: datetime
    type: str
    actor: str
    actor_key: str  # as it stands in the log
    actor_kind: str
    actor_role: str
    office: str
    case: str
    exchange: str
    subject: str
    purpose: str
    basis: str
    outcome: str
    code: str
    details: dict[str, Any]


class Integrity(NamedTuple):
    """How far the tree covers the log; `root` in hexadecimal."""

    size: int
    root: str
    pending: int
    oldest_pending_at: datetime | None
    head_at: datetime | None


def entries_of_case(case: str) -> list[LogLine]:
    """Return all that was logged under a case's reference, oldest first."""
    if not case:
        return []
    return lines_of(LogEntry.objects.filter(case=case).order_by("pk"))


def entry(pk: int) -> LogLine:
    """
    Return one entry.

    :raises EntryUnknown: if there is none.
    """
    lines = lines_of(LogEntry.objects.filter(pk=pk))
    if not lines:
        raise EntryUnknown(str(pk))
    return lines[0]


def integrity() -> Integrity:
    """Return the newest tree head and what it does not cover yet."""
    head = TreeHead.objects.order_by("-size").first()
    oldest = LogEntry.objects.filter(
        pk__in=PendingEntries.objects.order_by("first_id").values("first_id")[:1]
    )
    waiting = PendingEntries.objects.aggregate(id_bytes=Sum(Length("entry_ids")))
    return Integrity(
        size=head.size if head else 0,
        root=(bytes(head.root) if head else EMPTY_ROOT).hex(),
        pending=(waiting["id_bytes"] or 0) // ID_BYTES,
        oldest_pending_at=oldest.aggregate(at=Min("at"))["at"],
        head_at=head.at if head else None,
    )


def lines_of(entries: Iterable[LogEntry]) -> list[LogLine]:
    """Return entries for reading; two statements more, however many they are."""
    rows = list(entries)
    kept = EntryDetails.objects.filter(entry_id__among=[row.pk for row in rows])
    details = dict(kept.values_list("entry_id", "body"))
    names = _clear_names(rows)
    return [_line(row, details.get(row.pk, {}), names) for row in rows]


def _clear_names(rows: Sequence[LogEntry]) -> dict[str, tuple[str, str]]:
    """Return key and label of everybody whose pseudonym stands in these entries."""
    pseudonyms = {row.subject for row in rows} | {row.actor for row in rows}
    known = Pseudonym.objects.filter(pseudonym__among=sorted(pseudonyms - {""}))
    return {
        pseudonym: (clear, label)
        for pseudonym, clear, label in known.values_list("pseudonym", "clear", "label")
    }


def _line(
    row: LogEntry, details: dict[str, Any], names: dict[str, tuple[str, str]]
) -> LogLine:
    leaf: dict[str, Any] = read_leaf(row.leaf)
    clear, label = names.get(row.actor, (f"{leaf['actor']['kind']}:{row.actor}", ""))
    return LogLine(
        pk=row.pk,
        at=row.at,
        type=row.type,
        actor=label or clear.partition(":")[2],
        actor_key=row.actor,
        actor_kind=leaf["actor"]["kind"],
        actor_role=leaf["actor"]["role"],
        office=row.office,
        case=row.case,
        exchange=row.exchange,
        subject=names.get(row.subject, (row.subject, ""))[0],
        purpose=leaf["purpose"],
        basis=leaf["basis"],
        outcome=row.outcome,
        code=row.code,
        details=details,
    )
