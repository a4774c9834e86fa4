"""Look at the departments' service before anything starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class DepartmentsConfig(AppConfig):
    """The simulated departments."""

    name = "services.departments"

    def ready(self) -> None:
        from services.departments.checks import check_agreement, check_answers_url

        checks.register(check_agreement)
        checks.register(check_answers_url)
