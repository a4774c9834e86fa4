"""Register what this app does again and again, and what its workers need."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class ExchangeConfig(AppConfig):
    name = "services.exchange"

    def ready(self) -> None:
        from celery.signals import worker_init

        from services.dispatch.periodic import register_periodic
        from services.exchange import deadlines, workers

        register_periodic("exchange.sweep", every_seconds=1)
        register_periodic("exchange.look_at_agreement", every_seconds=60)
        checks.register(deadlines.check_deadlines)
        worker_init.connect(_require_fit)
        workers.prepare()


def _require_fit(**_signal: object) -> None:
    from services.exchange.deadlines import require_fit

    require_fit()
