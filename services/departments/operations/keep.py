"""Put records into the departments' registers, many at a time, and take them out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from services.departments.models import HubCopy, Record
from services.departments.operations.copy import forget_company
from services.departments.router import ALIAS

BATCH = 2000


def keep_records(*, records: Iterable[Record]) -> int:
    """
    Keep records; one whose number is known for its subject is not kept twice.

    :returns: how many were handed in.
    """
    handed_in, left = 0, iter(records)
    with transaction.atomic(using=ALIAS):
        while batch := list(islice(left, BATCH)):
            Record.objects.bulk_create(batch, ignore_conflicts=True)
            handed_in += len(batch)
    return handed_in


def drop_records(*, entity: str, material: str | None = None) -> int:
    """Take out what is held for a company, or one material of it; return how many."""
    forget_company(entity=entity)
    held = Record.objects.filter(entity=entity)
    if material is not None:
        held = held.filter(material=material)
    return held.delete()[0]


def clear_records() -> int:
    """Empty the registers and what the hub copied; return how many records went."""
    HubCopy.objects.all().delete()
    return Record.objects.all().delete()[0]
