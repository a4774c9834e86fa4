"""The WSGI door. Load it before forking (`gunicorn --preload`): a refusal ends all."""

import os

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application


def _open() -> WSGIHandler:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onelicense.settings")
    door = get_wsgi_application()
    from services.exchange.deadlines import require_fit

    require_fit()
    return door


application = _open()
