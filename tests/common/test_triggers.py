import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

from services.common import triggers
from services.ledger.triggers import TRIGGERS

TABLE = "ledger_bundle"


@pytest.fixture
def bundle_triggers() -> list[triggers.Trigger]:
    return [each for each in triggers.registered(connection) if each.table == TABLE]


def names(chosen: list[triggers.Trigger]) -> list[str]:
    return [each.name for each in chosen]


@pytest.mark.django_db
class TestTriggers:
    def test_all_are_there_after_migrating(self) -> None:
        assert triggers.registered(connection, "ledger")
        assert triggers.missing(connection) == []

    def test_registered_are_only_those_with_sql_for_this_database(self) -> None:
        assert len(triggers.registered(connection, "ledger")) < len(TRIGGERS)

    def test_another_database_gets_none_of_them(self) -> None:
        assert triggers.registered(connections["departments"], "ledger") == []

    def test_a_dropped_one_is_missing_until_installed_again(
        self, bundle_triggers
    ) -> None:
        triggers.drop(connection, bundle_triggers)
        assert triggers.missing(connection) == names(bundle_triggers)

        triggers.install(connection)
        assert triggers.missing(connection) == []

    def test_dropping_twice_is_no_error(self, bundle_triggers) -> None:
        triggers.drop(connection, bundle_triggers)
        triggers.drop(connection, bundle_triggers)

        assert triggers.missing(connection) == names(bundle_triggers)

    def test_without_a_list_all_are_dropped(self) -> None:
        triggers.drop(connection)

        wanted = triggers.registered(connection)
        assert triggers.missing(connection) == names(wanted)

    def test_an_altered_one_counts_as_missing(self, bundle_triggers) -> None:
        first = bundle_triggers[0]
        harmless = triggers.Trigger(
            first.name,
            TABLE,
            sqlite=f"CREATE TRIGGER {first.name} BEFORE UPDATE ON {TABLE} "
            "BEGIN SELECT 1; END",
            postgres=f"CREATE OR REPLACE FUNCTION {first.name}() RETURNS trigger"
            " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
            f" CREATE TRIGGER {first.name} BEFORE UPDATE ON {TABLE}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {first.name}()",
        )
        triggers.install(connection, [harmless])

        assert triggers.missing(connection) == [first.name]

    def test_a_disabled_one_counts_as_missing(self, bundle_triggers) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite cannot switch a trigger off")
        name = bundle_triggers[0].name
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER {name}")

        assert triggers.missing(connection) == [name]

    def test_migrating_installs_them_again(self, bundle_triggers) -> None:
        triggers.drop(connection, bundle_triggers)

        triggers._after_migration(apps.get_app_config("ledger"), using="default")

        assert triggers.missing(connection) == []


@pytest.mark.django_db
class TestCheck:
    def test_says_nothing_while_all_are_there(self) -> None:
        assert triggers.check_triggers(None, databases=["default"]) == []

    def test_names_what_is_missing(self, bundle_triggers) -> None:
        triggers.drop(connection, bundle_triggers[:1])

        (message,) = triggers.check_triggers(None, databases=["default"])

        assert bundle_triggers[0].name in message.msg
        assert "migrate" in message.hint

    def test_is_part_of_manage_py_check(self, bundle_triggers, capsys) -> None:
        triggers.drop(connection, bundle_triggers[:1])

        call_command("check", "--tag", "database", "--database", "default")

        assert bundle_triggers[0].name in capsys.readouterr().err
