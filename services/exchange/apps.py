"""Register what this app does again and again."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "services.exchange"

    def ready(self) -> None:
        from services.dispatch.periodic import register_periodic

        register_periodic("exchange.sweep", every_seconds=1)
