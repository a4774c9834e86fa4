"""What evidence is about: an entity, a person, a place, a vehicle…"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

KINDS = (
    "entity",
    "other_entity",
    "person",
    "project",
    "premises",
    "vehicle",
    "device",
)


class Subject(NamedTuple):
    """One thing that a department may know something about."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def parse_subject(text: str) -> Subject:
    """Return the subject that `str()` wrote."""
    kind, _, key = text.partition(":")
    return Subject(kind, key)


def fold(text: str) -> str:
    """Return a text without width, case and spacing differences (NFKC)."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"\s+", "", folded)


def fold_address(text: str) -> str:
    """Return an address so that two spellings of one place are equal."""
    folded = re.sub(r"^(浙江省)?(杭州市)?", "", fold(text))
    return re.sub(r"[,，。;；·#]", "", folded)


def subject_key(kind: str, text: str) -> str:
    """Return the key under which a subject of this kind is known."""
    return fold_address(text) if kind == "premises" else fold(text)
