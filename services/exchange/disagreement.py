"""
Do two registers state different things about one subject? Pure.

Only what tells the subject itself from others is compared: its name, its number, who
acts for it. Scopes, areas or dates belong to each certificate and rightly differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from services.common.subjects import Subject, fold

MASK = "*"  # 3301**********1234 shows too little to compare
COMPANY = {
    "holder_name": "name",
    "legal_name": "name",
    "legal_representative": "legal_representative",
    "uscc": "uscc",
}
# Per kind of subject: which attributes are its own, and which of them say the same.
OWN_FACTS: Mapping[str, Mapping[str, str]] = {
    "entity": COMPANY,
    "other_entity": COMPANY,
    "person": {"id_number": "id_number"},
    "project": {"project_name": "project_name", "project_code": "project_code"},
    "vehicle": {"plate_no": "plate_no"},
}


class Shown(NamedTuple):
    """The records that one source showed of a subject, each as one mapping."""

    source: str
    subject: Subject
    records: Sequence[Mapping[str, str]]


class Disagreement(NamedTuple):
    """A fact of which two sources state nothing in common."""

    subject: Subject
    fact: str
    sources: tuple[str, str]


def disagreements(
    shown: Iterable[Shown], *, former_names: Collection[str] = ()
) -> list[Disagreement]:
    """Return in what each two sources contradict each other; former names are known."""
    stated: dict[tuple[Subject, str], dict[str, set[str]]] = defaultdict(dict)
    for one in shown:
        for fact, value in _facts(one):
            stated[one.subject, fact].setdefault(one.source, set()).add(value)
    return [
        Disagreement(subject, fact, (one, other))
        for (subject, fact), values in stated.items()
        for one, other in combinations(sorted(values), 2)
        if _contradict(values[one], values[other], former_names)
    ]


def _facts(shown: Shown) -> Iterable[tuple[str, str]]:
    own = OWN_FACTS.get(shown.subject.kind, {})
    for record in shown.records:
        for attribute, fact in own.items():
            value = record.get(attribute)
            if value and MASK not in value:
                yield fact, value


def _contradict(one: set[str], other: set[str], former_names: Collection[str]) -> bool:
    if not one.isdisjoint(other):
        return False
    former = {fold(name) for name in former_names}
    here, there = (
        {fold(value) for value in values} - former for values in (one, other)
    )
    return bool(here and there) and here.isdisjoint(there)
