"""What a flush between tests would break: triggers, and rows that were loaded once."""

from __future__ import annotations

from django.apps import apps
from django.db import connections, transaction
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from services.common import triggers

_remembered: dict[type[Model], list[Model]] = {}


def remember(app_label: str) -> None:
    """Keep every row of an app, to put it back with the same keys."""
    models = apps.get_app_config(app_label).get_models(include_auto_created=True)
    _remembered.update({model: list(model._base_manager.all()) for model in models})


def put_back(blocker: DjangoDbBlocker) -> None:
    """Put the remembered rows back after a flush; keys stay, so caches stay true."""
    if not _remembered:
        return
    with blocker.unblock(), transaction.atomic():
        for model, rows in _remembered.items():
            model._base_manager.bulk_create(rows, batch_size=500)


def drop_triggers() -> None:
    """Let a flush empty append-only tables; its post_migrate brings them back."""
    for alias in connections:
        triggers.drop(connections[alias])
