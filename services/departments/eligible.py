"""Find a company of the simulated city that qualifies for an item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from services.catalogue.definition import Definition
from services.catalogue.models import ItemVersion
from services.catalogue.queries import definition_of
from services.common.errors import DomainError
from services.departments.models import Record
from services.registry.models import Entity, Seeding


class NobodyQualifies(DomainError):
    """No company of the city holds all that the item needs."""

    code = "nobody_qualifies"


def eligible_entity(version: ItemVersion, *, today: date | None = None) -> Entity:
    """
    Return the first active company that holds every record the item verifies.

    :raises NobodyQualifies: if there is none.
    """
    made_for = _made_for(version.item_id)
    if made_for is not None:
        return made_for
    found = eligible_entities(version, today=today).first()
    if found is None:
        raise NobodyQualifies(definition_of(version).name)
    return found


def eligible_entities(
    version: ItemVersion, *, today: date | None = None
) -> QuerySet[Entity]:
    """Return the active companies that hold every record the item verifies."""
    candidates: set[str] | None = None
    for materials in _slots(definition_of(version)):
        held = _holders(materials, today)
        candidates = held if candidates is None else candidates & held
    active = Entity.objects.filter(status=Entity.Status.ACTIVE)
    return active.filter(uscc__in=candidates or ()).order_by("pk")


def _made_for(item: str) -> Entity | None:
    """Return the company that the city was given for this item."""
    seeding = Seeding.objects.first()
    uscc = seeding.made_for.get(item, "") if seeding else ""
    return Entity.objects.filter(uscc=uscc).first()


def _slots(definition: Definition) -> list[set[str]]:
    """Return what must be held: one of each set, any-of groups taken together."""
    needed = {
        code
        for code in definition.materials
        if definition.links[code].how == "exchange"
    }
    slots = []
    for group in definition.groups:
        members = {member.material for member in group.members}
        if members & needed:
            own_way = any(
                definition.links[m].how == "upload"
                for m in members & set(definition.links)
            )
            if not own_way:
                slots.append(members)
            needed -= members
    return slots + [{code} for code in sorted(needed)]


def _holders(materials: Iterable[str], today: date | None) -> set[str]:
    good = Q(status=Record.Status.VALID, material__in=list(materials))
    if today:
        good &= Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return set(Record.objects.filter(good).values_list("entity", flat=True))
