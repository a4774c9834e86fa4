"""Look at the departments' service before a worker starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class DepartmentsConfig(AppConfig):
    """The simulated departments."""

    name = "services.departments"

    def ready(self) -> None:
        from celery.signals import worker_init

        from services.departments.checks import check_agreement, require_agreement

        checks.register(check_agreement)
        worker_init.connect(lambda **_: require_agreement(), weak=False)
