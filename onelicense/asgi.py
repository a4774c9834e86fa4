"""The ASGI door."""

import os

from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler


def _open() -> ASGIHandler:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onelicense.settings")
    door = get_asgi_application()
    from services.exchange.deadlines import require_fit

    require_fit()
    return door


application = _open()
