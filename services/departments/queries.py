"""Questions to the departments' own tables, for doors and demo values."""

from __future__ import annotations

import re

from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import Behaviour
from services.departments.models import Record

RESIDENT_ID = re.compile(r"^(.+?)(\d{17}[\dX])$")


def known_subjects(entity: str) -> dict[str, list[str]]:
    """
    Return what a form may hold for subjects that concern a company, by kind.

    Staff read as "name id", the others as they are registered.
    """
    keys = (
        Record.objects.filter(entity=entity)
        .exclude(subject_kind__in=["entity", "premises"])  # the company's own
        .order_by("subject_key")
        .values_list("subject_kind", "subject_key")
        .distinct()
    )
    known: dict[str, list[str]] = {}
    for kind, key in keys:
        text = RESIDENT_ID.sub(r"\1 \2", key) if kind == "person" else key
        known.setdefault(kind, []).append(text)
    return known


def profiles() -> list[Behaviour]:
    """
    Return how everybody behaves who was ever switched, by code.

    :raises DepartmentsUnreachable: if the departments' service does not answer.
    """
    return gateway().behaviours()
