import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from services.common import triggers
from services.ledger.models import Bundle, Checkpoint, LogEntry, TreeHead, TreeNode
from tests.ledger.writing import place_and_sign, write_and_place

TABLES = {
    "ledger_logentry": "id",
    "ledger_bundle": "start",
    "ledger_treehead": "size",
    "ledger_treenode": "id",
    "ledger_checkpoint": "size",
}


def refused(statement: str) -> str:
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(refusal.value)


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "key"), TABLES.items())
class TestAppendOnly:
    @pytest.fixture(autouse=True)
    def _one_row_in_each_table(self) -> None:
        write_and_place(256)  # a whole tile, which has a node above it
        place_and_sign()

    def test_refuses_an_update(self, table, key) -> None:
        assert "append-only" in refused(f"UPDATE {table} SET {key} = {key}")

    def test_refuses_a_delete(self, table, key) -> None:
        assert "append-only" in refused(f"DELETE FROM {table}")

    def test_refuses_to_be_emptied_or_replaced(self, table, key) -> None:
        if connection.vendor == "postgresql":
            assert "append-only" in refused(f"TRUNCATE {table}")
            return
        copied = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        for setting in ("ON", "OFF"):  # OFF: a connection that is not ours
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA recursive_triggers = {setting}")
            assert "append-only" in refused(copied)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")

    def test_refuses_an_upsert(self, table, key) -> None:
        copied = f"INSERT INTO {table} SELECT * FROM {table} WHERE true"
        upsert = f"{copied} ON CONFLICT ({key}) DO UPDATE SET {key} = 1000"
        assert "append-only" in refused(upsert)


@pytest.mark.django_db
class TestOrm:
    def test_deletes_and_updates_of_the_models_are_refused_too(self) -> None:
        write_and_place(256)
        place_and_sign()

        for model in (LogEntry, Bundle, TreeHead, TreeNode, Checkpoint):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.all().delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            LogEntry.objects.first().save()

    def test_a_superuser_who_plays_replica_is_refused_too(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("a role of PostgreSQL")
        write_and_place(1)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")

        assert "append-only" in refused("DELETE FROM ledger_logentry")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [LogEntry, Bundle, TreeHead, TreeNode, Checkpoint])
def test_a_table_that_sqlite_rebuilt_has_its_triggers_after_migrating(model) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL rebuilds no table")
    chosen = triggers.registered(connection, "ledger")
    triggers.install(connection, chosen)
    with connection.schema_editor() as editor:
        editor._remake_table(model)
    assert triggers.missing(connection, chosen) != []

    call_command("migrate", "ledger", verbosity=0)

    assert triggers.missing(connection, chosen) == []
    write_and_place(256)
    place_and_sign()
    assert "append-only" in refused(f"DELETE FROM {model._meta.db_table}")
