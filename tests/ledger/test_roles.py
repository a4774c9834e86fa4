"""The roles of docs/deployment.md: each process can do its work on the log, no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from services.common.actors import SYSTEM
from services.ledger.check import check_log
from services.ledger.entry import Entry
from services.ledger.models import Checkpoint, EntryDetails, LogEntry, Pseudonym
from services.ledger.operations.forget import forget_expired, forget_subjects
from services.ledger.operations.record import record
from tests.clock import NOON
from tests.ledger.writing import moved, place_and_sign, write

APP, SEQUENCER = "onelicense_app", "onelicense_sequencer"
FORGETTER = "onelicense_forgetter"
LOG = ("logentry", "bundle", "treehead", "treenode", "checkpoint")
COLUMN = {"logentry": "code", "bundle": "count", "treehead": "at", "treenode": "hash"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles() -> None:
    """Apply the page's statements; whatever they make goes with the transaction."""
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's")
    page = (settings.BASE_DIR / "docs/deployment.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sql\n(.*?)^```", page, re.S | re.M)
    assert len(blocks) == 2
    write(moved(details={"n": 1}, subject="entity:a"))
    place_and_sign()
    with connection.cursor() as cursor:
        for block in blocks:
            cursor.execute(block.replace("%", "%%"))


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


def refused(role: str, statement: str) -> str:
    with (
        acting_as(role),
        pytest.raises(ProgrammingError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(refusal.value)


def test_the_app_writes_and_reads_entries():
    with acting_as(APP):
        record(Entry(type="case.moved", subject="entity:b", details={"n": 2}), at=NOON)
        assert LogEntry.objects.count() == 2
        assert Pseudonym.objects.filter(clear="entity:b").exists()


def test_who_may_not_write_entries_exports_nothing(tmp_path):
    with (
        acting_as(SEQUENCER),
        pytest.raises(CommandError, match="cannot be noted in the log: permission"),
    ):
        call_command("export_log", tmp_path / "export")
    with acting_as(APP):
        call_command("export_log", tmp_path / "export")

    assert (tmp_path / "export" / "checkpoint").exists()


def test_the_sequencer_places_and_signs_them():
    write(moved())
    with acting_as(SEQUENCER):
        place_and_sign()

    assert Checkpoint.objects.filter(size=2).exists()
    assert check_log().differences == ()


@pytest.mark.parametrize("role", [APP, SEQUENCER, FORGETTER])
@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TRIGGER {table}_no_change ON {table}",
        "DROP TABLE {table}",
    ],
)
def test_nobody_who_works_can_change_what_stands(role, table, statement):
    column = COLUMN.get(table, "note")
    said = refused(role, statement.format(table=f"ledger_{table}", column=column))

    assert "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (APP, "INSERT INTO ledger_checkpoint SELECT * FROM ledger_checkpoint"),
        (APP, "INSERT INTO ledger_bundle SELECT * FROM ledger_bundle"),
        (APP, "DELETE FROM ledger_pendingentries"),
        (APP, "DELETE FROM ledger_entrydetails"),
        (APP, "UPDATE ledger_entrydetails SET body = body"),
        (APP, "UPDATE ledger_sequencerlease SET owner = ''"),
        (APP, "DELETE FROM ledger_pseudonym"),
        (FORGETTER, "UPDATE ledger_pseudonym SET clear = clear"),
        (SEQUENCER, "INSERT INTO ledger_logentry SELECT * FROM ledger_logentry"),
        (SEQUENCER, "DELETE FROM ledger_entrydetails"),
        (SEQUENCER, "SELECT * FROM cases_case"),
        (APP, "SET session_replication_role = replica"),
        (APP, "CREATE TABLE mine (id int)"),
        (APP, "DROP FUNCTION ledger_logentry_no_change CASCADE"),
    ],
)
def test_each_does_its_own_work_alone(role, statement):
    said = refused(role, statement)

    assert "permission denied" in said or "must be owner" in said


def test_only_who_forgets_takes_details_away():
    with acting_as(FORGETTER):
        record(Entry(type="case.moved"), at=NOON)
        EntryDetails.objects.all().delete()
        Pseudonym.objects.all().delete()

    assert not EntryDetails.objects.exists()


def test_who_forgets_needs_nothing_more():
    with acting_as(FORGETTER):
        forgotten = forget_subjects(names=["entity:a"], actor=SYSTEM, now=NOON)
        forget_expired(actor=SYSTEM, now=NOON)

    assert forgotten == 1
    assert not Pseudonym.objects.filter(clear="entity:a").exists()


def test_roles_own_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
            " WHERE r.rolname = ANY(%s)",
            [[APP, SEQUENCER, FORGETTER]],
        )
        assert cursor.fetchone() == (0,)


def test_what_a_superuser_does_is_found():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_logentry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE ledger_logentry SET code = 'FORGED'")
        cursor.execute(
            "ALTER TABLE ledger_logentry ENABLE ALWAYS TRIGGER"
            " ledger_logentry_no_change"
        )

    ((index, what),) = [(each.index, each.what) for each in check_log().differences]
    assert (index, "its column code differs" in what) == (0, True)
