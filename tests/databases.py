"""
What tests share in the databases: nothing, but for the catalogue if they ask for it.

Loading 251 items takes seconds, so it is done once, and the rows are kept in memory.
They stand in the database only while a test wants them.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from services.common import triggers

_catalogue: dict[type[Model], list[Model]] = {}
_there = False


def remember_catalogue() -> None:
    """Keep the rows that were just loaded, and drop what loading said to others."""
    global _there  # noqa: PLW0603  one database per process
    for model in _models("catalogue"):
        _catalogue[model] = list(model._base_manager.all())
    _there = True
    triggers.drop(connection)
    for app in ("ledger", "dispatch"):
        _delete(_models(app))
    triggers.install(connection)


def set_catalogue(*, wanted: bool) -> None:
    """Put the remembered rows in, with the same keys, or take them out."""
    global _there  # noqa: PLW0603
    if not _catalogue or wanted == _there:
        return
    if wanted:
        with transaction.atomic():
            for model, rows in _catalogue.items():
                model._base_manager.bulk_create(rows, batch_size=500)
    else:
        _delete(list(_catalogue))
    _there = wanted


def flushed() -> None:
    """Note that a test's flush has taken the catalogue too."""
    global _there  # noqa: PLW0603
    _there = False


def drop_triggers() -> None:
    """Let a flush empty append-only tables; its post_migrate brings them back."""
    for alias in connections:
        triggers.drop(connections[alias])


def _models(app_label: str) -> list[type[Model]]:
    return list(apps.get_app_config(app_label).get_models(include_auto_created=True))


def _delete(models: list[type[Model]]) -> None:
    """Delete all rows without looking at who refers to them: nobody does here."""
    with transaction.atomic():
        for model in models:
            model._base_manager.all()._raw_delete(using="default")


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Return their texts; of those that the server keeps ready Django knows none."""
    return [each["sql"] or "" for each in captured]


def with_the_worst_plan() -> None:
    """Have PostgreSQL run a part of a statement for each row, where it can."""
    if connection.vendor != "postgresql":
        return
    ways = ("hashjoin", "mergejoin", "hashagg", "sort", "material", "indexscan")
    with connection.cursor() as cursor:
        for way in (*ways, "bitmapscan", "memoize"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
