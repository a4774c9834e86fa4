"""
How long details are kept, by class of data. Pure; docs/log-format.md §10 has the table.

Only details are kept for a time: the leaf stays for ever.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from services.ledger.events import EVENT_TYPES

FORGOTTEN = (
    "log.forgotten"  # kept for ever: it tells a lawful deletion from a quiet one
)
NAMES = "names"  # the class of pseudonyms: salts and clear names
YEAR = timedelta(days=365)
NAMES_KEPT = 10 * YEAR  # from the newest entry that names somebody


class DataClass(NamedTuple):
    """Events whose details are kept equally long; groups are what precedes the dot."""

    code: str
    kept: timedelta
    groups: frozenset[str]

    @property
    def types(self) -> list[str]:
        """Return the event types of this class, sorted."""
        return sorted(name for name in EVENT_TYPES if class_of(name) is self)


CLASSES = (
    DataClass("signin", YEAR, frozenset({"signin"})),
    DataClass("looks", 3 * YEAR, frozenset({"entity", "evidence", "log", "access"})),
    DataClass("evidence", 5 * YEAR, frozenset({"exchange", "assist", "dispute"})),
    DataClass(
        "cases",
        10 * YEAR,
        frozenset(
            {
                *("answer", "case", "certificate", "clock", "commitment"),
                *("correction", "draft", "fee", "inspection", "paper", "upload"),
            }
        ),
    ),
    DataClass(
        "office",
        10 * YEAR,
        frozenset(
            {"account", "catalogue", "department", "key", "message", "simulation"}
        ),
    ),
)
_CLASS_OF_GROUP = {group: each for each in CLASSES for group in each.groups}


def class_of(event_type: str) -> DataClass | None:
    """Return the class of an event type; none for what is kept for ever."""
    if event_type == FORGOTTEN:
        return None
    return _CLASS_OF_GROUP[event_type.partition(".")[0]]
