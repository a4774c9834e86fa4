"""
Which departments stand behind the data platform (公共数据平台), and what it keeps.

The catalogue says so, and for how many hours a copy may be served; 0 means that the
platform passes questions on and keeps nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from services.catalogue.files import read_table
from services.departments.gateways.contract import HUB, Answer, Question


def copies_kept(department: str) -> timedelta | None:
    """Return for how long the hub serves copies; None if it does not stand before."""
    return lines().get(department)


def speaker(department: str) -> str:
    """Return who fails when a call to this department fails: the hub, or itself."""
    return "" if copies_kept(department) is None else HUB


def lines() -> Mapping[str, timedelta | None]:
    """Return every department by code, with the age to which the hub serves copies."""
    return _lines(settings.CATALOGUE_DIR)


@lru_cache(maxsize=2)
def _lines(directory: Path) -> dict[str, timedelta | None]:
    return {
        row["code"]: timedelta(hours=int(row["snapshot_hours"]))
        if row["via_hub"] == "1"
        else None
        for row in read_table(directory, "departments")
    }


def copy_key(department: str, question: Question) -> str:
    """Return under what the answer to such a question is kept, whoever asks."""
    asked = (
        department,
        question.material,
        str(question.subject),
        question.entity,
        question.holder_name,
        *question.former_names,
    )
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()


def still_good(answer: Answer, today: date) -> bool:
    """Say whether no record of a copy has expired since it was made."""
    return all(
        record.valid_until is None or record.valid_until >= today
        for record in answer.records
    )
