"""The ledger's wiring: its triggers, and a lookup that every app above may use."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models import Field, ForeignKey

from services.common import instants, triggers
from services.common.among import Among
from services.ledger.triggers import TRIGGERS


class LedgerConfig(AppConfig):
    """The verification log."""

    name = "services.ledger"

    def ready(self) -> None:
        instants.prepare()
        Field.register_lookup(Among)
        ForeignKey.register_lookup(Among)
        triggers.register(self, TRIGGERS)
