"""Write and sequence entries for tests of the log."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from services.common import triggers
from services.common.actors import Actor
from services.ledger.entry import Entry
from services.ledger.models import LogEntry, PendingEntries
from services.ledger.operations.record import record_many
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.shelf import pack_ids
from services.ledger.signing import log_signer
from services.ledger.triggers import TRIGGERS
from services.ledger.witness import log_witness
from tests.clock import NOON

REVIEWER = Actor("human", "reviewer-scjg", "reviewer", "王芳")
LICENCE = "91330102FAKE000139"


def moved(case: str = "D1", **members) -> Entry:
    return Entry(type="case.moved", case=case, **members)


def write(*entries: Entry, at=NOON) -> list[LogEntry]:
    """Record entries and return their rows in order."""
    newest = LogEntry.objects.order_by("-pk").first()
    with transaction.atomic():
        record_many(entries, at=at)
    after = newest.pk if newest else 0
    return list(LogEntry.objects.filter(pk__gt=after).order_by("pk"))


def write_and_place(count: int, *, at=NOON) -> list[LogEntry]:
    rows = write(*[moved(f"D{number}") for number in range(count)], at=at)
    sequence_pending(now=at + timedelta(seconds=1))
    return rows


def place_and_sign(*, at=NOON) -> None:
    """Do what the sequencer's process does, until nothing waits."""
    while sequence_pending(now=at):
        pass
    sign_newest(signer=log_signer(), witness=log_witness(), now=at)


def wait(*rows: LogEntry) -> None:
    """Let entries wait for a place."""
    PendingEntries.objects.create(
        first_id=rows[0].pk,
        entry_ids=pack_ids([row.pk for row in rows]),
        hashes=b"".join(bytes(row.leaf_hash) for row in rows),
    )


def tamper(statement: str, *values: object) -> None:
    """Do what only somebody can who owns the database."""
    triggers.drop(connection, [t for t in TRIGGERS if wanted(t)])
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    triggers.install(connection, [t for t in TRIGGERS if wanted(t)])


def wanted(trigger: triggers.Trigger) -> bool:
    return bool(
        trigger.postgres if connection.vendor == "postgresql" else trigger.sqlite
    )
