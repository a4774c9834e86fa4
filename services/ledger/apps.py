"""The ledger's wiring: its triggers."""

from __future__ import annotations

from django.apps import AppConfig

from services.common import triggers
from services.ledger.triggers import TRIGGERS


class LedgerConfig(AppConfig):
    """The verification log."""

    name = "services.ledger"

    def ready(self) -> None:
        triggers.register(self, TRIGGERS)
