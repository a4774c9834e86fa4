"""The cases' wiring: triggers and periodic work."""

from __future__ import annotations

from django.apps import AppConfig

from services.cases.triggers import TRIGGERS
from services.common import triggers
from services.dispatch.periodic import register_periodic


class CasesConfig(AppConfig):
    """Drafts and cases."""

    name = "services.cases"

    def ready(self) -> None:
        triggers.register(self, TRIGGERS)
        register_periodic("cases.sweep", every_seconds=30)
