"""The API's wiring: periodic work."""

from __future__ import annotations

from django.apps import AppConfig

from services.dispatch.periodic import register_periodic


class ApiConfig(AppConfig):
    """What machines talk to."""

    name = "services.api"

    def ready(self) -> None:
        register_periodic("api.forget_keys", every_seconds=600)
