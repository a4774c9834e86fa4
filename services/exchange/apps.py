"""Register what this app does again and again, and what its workers need."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class ExchangeConfig(AppConfig):
    name = "services.exchange"

    def ready(self) -> None:
        from services.dispatch.periodic import register_periodic
        from services.exchange import deadlines, workers

        register_periodic("exchange.sweep", every_seconds=1)
        checks.register(deadlines.check_deadlines)
        workers.prepare()
