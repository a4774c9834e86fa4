"""What the demo offers with one click: seats of staff, and licence numbers."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q

from services.accounts.models import Membership, Role
from services.registry.models import Entity

SAMPLES = 3


class DemoSeat(NamedTuple):
    """A member of staff whose place one may take."""

    username: str
    name: str
    role: str
    office: str


def demo_seats() -> list[DemoSeat]:
    """Return the busiest person of each role; nobody outside a demo."""
    if not settings.DEMO:
        return []
    rows = (
        Membership.objects.filter(user__is_active=True)
        .annotate(
            waiting=Count("user__tasks", filter=Q(user__tasks__closed_at__isnull=True))
        )
        .order_by("-waiting", "pk")
        .values_list("user__username", "user__display_name", "role", "office__name")
    )
    seats: dict[str, DemoSeat] = {}
    for username, name, role, office in rows:
        seats.setdefault(role, DemoSeat(username, name, role, office or ""))
    return [seats[role] for role in Role.values if role in seats]


def demo_companies() -> list[Entity]:
    """Return a few companies that can file; none outside a demo."""
    if not settings.DEMO:
        return []
    active = Entity.objects.filter(
        status=Entity.Status.ACTIVE, type=Entity.Type.COMPANY
    )
    return list(active.order_by("pk")[:SAMPLES])
