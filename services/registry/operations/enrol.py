"""Enter companies into the register, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from services.registry.models import Entity, Seeding

BATCH = 1000


def enrol_city(
    *,
    entities: Iterable[Entity],
    seed: int,
    as_of: date,
    made_for: Mapping[str, str],
) -> Seeding:
    """
    Enter the companies of a synthetic city, and how it was made.

    :param made_for: item code -> licence number of a company fit for it.
    """
    with transaction.atomic():
        enrolled = Entity.objects.bulk_create(entities, batch_size=BATCH)
        return Seeding.objects.create(
            companies=len(enrolled), seed=seed, as_of=as_of, made_for=dict(made_for)
        )
