"""Which gateway leads to the departments."""

from __future__ import annotations

from django.conf import settings

from services.departments.gateways.contract import Gateway
from services.departments.gateways.local import LocalGateway


def gateway() -> Gateway:
    """Return the way to the departments that the settings name."""
    return LocalGateway(time_scale=settings.TIME_SCALE)
