"""Compare stored entries with the hash under which they stand in the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from services.ledger.entry import (
    VERSION,
    EntryNotCanonical,
    canonical,
    details_digest,
    instant,
    pseudonym,
    read_leaf,
)
from services.ledger.models import EntryDetails, LogEntry, Pseudonym
from services.ledger.tree import leaf_hash

COLUMNS = ("type", "office", "case", "exchange", "subject", "outcome", "code")


class Fault(NamedTuple):
    """What is wrong with one entry."""

    entry_id: int
    what: str


def first_fault(leaves: Iterable[tuple[int, bytes]]) -> Fault | None:
    """Return the first entry of these that is not what its hash says."""
    wanted = dict(leaves)
    entries = LogEntry.objects.in_bulk(list(wanted))
    details = EntryDetails.objects.in_bulk(list(wanted))
    for pk, digest in wanted.items():
        what = _what_is_wrong(entries.get(pk), details.get(pk), digest)
        if what:
            return Fault(pk, what)
    return None


def _what_is_wrong(
    entry: LogEntry | None, details: EntryDetails | None, digest: bytes
) -> str:
    if entry is None:
        return "it is gone"
    if leaf_hash(entry.leaf.encode()) != digest:
        return "its text does not give its hash"
    if bytes(entry.leaf_hash) != digest:
        return "its stored hash is another"
    leaf: dict[str, Any] = read_leaf(entry.leaf)
    if leaf["v"] != VERSION:
        return f"its version {leaf['v']} is unknown"
    for column, value in _columns(entry, leaf):
        if value != leaf[column]:
            return f"its column {column} differs from its text"
    return _details_fault(details, leaf["details"]) if details else ""


def _columns(entry: LogEntry, leaf: dict[str, Any]) -> Iterator[tuple[str, object]]:
    yield from ((column, getattr(entry, column)) for column in COLUMNS)
    yield "at", instant(entry.at)
    yield "actor", {**leaf["actor"], "id": entry.actor}


def _details_fault(details: EntryDetails, digest: str) -> str:
    try:
        text = canonical(details.body, "details")
    except EntryNotCanonical as failure:
        return f"its details were changed ({failure})"
    if details_digest(text, bytes(details.salt)) != digest:
        return "its details were changed"
    return ""


def false_pseudonyms(chunk: int = 5_000) -> Iterator[str]:
    """Yield clear names whose pseudonym does not follow from their salt."""
    last = 0
    while True:
        names = list(Pseudonym.objects.filter(pk__gt=last).order_by("pk")[:chunk])
        for name in names:
            if pseudonym(name.clear, bytes(name.salt)) != name.pseudonym:
                yield name.clear
        if not names:
            return
        last = names[-1].pk
