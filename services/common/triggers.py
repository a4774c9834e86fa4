"""
Triggers that hold a rule in the database itself, on SQLite and PostgreSQL.

Apps register theirs in `AppConfig.ready`. SQLite drops triggers silently when a
migration rebuilds their table, so `post_migrate` installs them again, and a system
check (`manage.py check --database default`) names those that are not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.apps import AppConfig
from django.core import checks
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate


@dataclass(frozen=True)
class Trigger:
    """
    One trigger on one table, and the whole SQL that creates it.

    Without SQL for a database it is not wanted there. On PostgreSQL the SQL creates
    (or replaces) the function too; `install` makes the trigger fire ALWAYS.
    """

    name: str
    table: str
    sqlite: str = ""
    postgres: str = ""


_registered: dict[str, tuple[Trigger, ...]] = {}


def register(app: AppConfig, triggers: Iterable[Trigger]) -> None:
    """Have an app's triggers installed after every migration, and checked."""
    _registered[app.label] = tuple(triggers)
    post_migrate.connect(_after_migration, sender=app)
    checks.register(check_triggers, checks.Tags.database)


def registered(connection: BaseDatabaseWrapper, app_label: str = "") -> list[Trigger]:
    """Return the triggers that belong into this database and have their table."""
    tables = set(connection.introspection.table_names())
    return [
        trigger
        for label, triggers in _registered.items()
        if app_label in {"", label} and router.allow_migrate(connection.alias, label)
        for trigger in triggers
        if trigger.table in tables and _wanted(connection, trigger)
    ]


def install(
    connection: BaseDatabaseWrapper, triggers: Sequence[Trigger] | None = None
) -> None:
    """Create triggers, replacing those of the same name."""
    chosen = registered(connection) if triggers is None else triggers
    drop(connection, chosen)
    with connection.cursor() as cursor:
        for trigger in chosen:
            cursor.execute(_wanted(connection, trigger))
            if connection.vendor == "postgresql":
                # Also for a session that plays replica, as a superuser may.
                cursor.execute(
                    f"ALTER TABLE {trigger.table} ENABLE ALWAYS TRIGGER {trigger.name}"
                )


def drop(
    connection: BaseDatabaseWrapper, triggers: Sequence[Trigger] | None = None
) -> None:
    """Remove those triggers that are there; without a list, all registered ones."""
    chosen = registered(connection) if triggers is None else triggers
    there = _there(connection)
    on_table = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for trigger in chosen:
            if (trigger.table, trigger.name) in there:
                on = f" ON {trigger.table}" if on_table else ""
                cursor.execute(f"DROP TRIGGER {trigger.name}{on}")


def missing(
    connection: BaseDatabaseWrapper, triggers: Sequence[Trigger] | None = None
) -> list[str]:
    """Return the names of triggers that are absent, altered or switched off."""
    chosen = registered(connection) if triggers is None else triggers
    there = _there(connection)
    return [
        trigger.name
        for trigger in chosen
        if not _as_it_should_be(
            there.get((trigger.table, trigger.name), ""), _wanted(connection, trigger)
        )
    ]


def refuse_changes(table: str, *, key: str = "id") -> list[Trigger]:
    """
    Return triggers that let rows be inserted into a table and nothing else.

    On SQLite `INSERT OR REPLACE` would go past UPDATE and DELETE triggers, so a key
    that exists already is refused before the insert.
    """
    sqlite = partial(_refusal_on_sqlite, table)
    same = f"SELECT 1 FROM {table} WHERE {key} = NEW.{key}"  # noqa: S608
    return [
        Trigger(f"{table}_no_change", table, postgres=_refusal_on_postgres(table)),
        sqlite("no_update", "BEFORE UPDATE"),
        sqlite("no_delete", "BEFORE DELETE"),
        sqlite("no_replace", "BEFORE INSERT", f"WHEN EXISTS ({same})"),
    ]


def _refusal_on_sqlite(table: str, suffix: str, event: str, when: str = "") -> Trigger:
    name = f"{table}_{suffix}"
    return Trigger(
        name,
        table,
        sqlite=f"CREATE TRIGGER {name} {event} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    )


def _refusal_on_postgres(table: str) -> str:
    name = f"{table}_no_change"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{table} is append-only'"
        f" USING ERRCODE = 'integrity_constraint_violation'; END $$;"
        f" CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def check_triggers(
    app_configs: object,  # noqa: ARG001
    databases: Iterable[str] | None = None,
    **_options: object,
) -> list[checks.CheckMessage]:
    """
    Name each trigger that is missing from a database that has its table.

    A warning, since an error would stop the very `migrate` that repairs it.
    """
    return [
        checks.Warning(
            f"trigger {name} is missing, altered or switched off in {alias!r}",
            hint="run `manage.py migrate`, which installs triggers again",
            id="common.W001",
        )
        for alias in databases or ()
        for name in missing(connections[alias])
    ]


def _after_migration(sender: AppConfig, using: str, **_options: object) -> None:
    connection = connections[using]
    install(connection, registered(connection, sender.label))


def _wanted(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    return trigger.postgres if connection.vendor == "postgresql" else trigger.sqlite


def _as_it_should_be(source: str, wanted: str) -> bool:
    """Compare without spacing: PostgreSQL keeps the function's body, SQLite all."""
    return bool(source) and " ".join(source.split()) in " ".join(wanted.split())


def _there(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """Return the source of each trigger; none for one that does not fire always."""
    if connection.vendor == "postgresql":
        query = (
            "SELECT c.relname, t.tgname,"
            " CASE t.tgenabled WHEN 'A' THEN p.prosrc ELSE '' END"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        )
    else:
        query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {(table, name): text for table, name, text in cursor.fetchall()}
