"""Questions to the departments' own tables, for doors and demo values."""

from __future__ import annotations

import re

from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import Behaviour
from services.departments.models import Record

RESIDENT_ID = re.compile(r"^(.+?)(\d{17}[\dX])$")


def known_subjects(entity: str, kind: str) -> list[str]:
    """
    Return what a form may hold for subjects of this kind that concern a company.

    Staff read as "name id", the others as they are registered.
    """
    keys = (
        Record.objects.filter(entity=entity, subject_kind=kind)
        .order_by("subject_key")
        .values_list("subject_key", flat=True)
        .distinct()
    )
    if kind != "person":
        return list(keys)
    return [RESIDENT_ID.sub(r"\1 \2", key) for key in keys]


def profiles() -> list[Behaviour]:
    """
    Return how everybody behaves who was ever switched, by code.

    :raises DepartmentsUnreachable: if the departments' service does not answer.
    """
    return gateway().behaviours()
