"""Register what this app does again and again, and what its workers need."""

from __future__ import annotations

from django.apps import AppConfig

from services.dispatch.periodic import register_periodic


class DispatchConfig(AppConfig):
    name = "services.dispatch"

    def ready(self) -> None:
        from services.dispatch import workers

        workers.prepare()
        register_periodic("dispatch.catch_up", every_seconds=5)
