"""Which gateway leads to the departments."""

from __future__ import annotations

import os
from functools import lru_cache

from django.conf import settings

from services.departments.gateways.contract import Gateway
from services.departments.gateways.http import HttpGateway
from services.departments.gateways.local import LocalGateway


def gateway() -> Gateway:
    """Return the way to the departments that the settings name."""
    if settings.DEPARTMENTS_URL:
        return _over_http(settings.DEPARTMENTS_URL, settings.ANSWERS_URL, os.getpid())
    return LocalGateway(time_scale=settings.TIME_SCALE)


@lru_cache(maxsize=4)
def _over_http(url: str, answers_url: str, _process: int) -> HttpGateway:
    """Return the one gateway of this process: a child shares no connection."""
    return HttpGateway(url, answers_url=answers_url)
