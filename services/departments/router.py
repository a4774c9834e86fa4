"""Keep the departments' tables in the departments' database, and nothing else."""

from __future__ import annotations

from typing import Any

ALIAS = "departments"


class DepartmentsRouter:
    """Send the app `departments` to its own database."""

    def db_for_read(self, model: type[Any], **_hints: object) -> str | None:
        return ALIAS if model._meta.app_label == ALIAS else None

    def db_for_write(self, model: type[Any], **_hints: object) -> str | None:
        return ALIAS if model._meta.app_label == ALIAS else None

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool | None:
        if app_label == ALIAS:
            return db == ALIAS
        return False if db == ALIAS else None
