"""
The log as OCEL 2.0 JSON (ocel-standard.org), for process mining.

Events go out while they are read. What they relate to is kept in a file meanwhile, so
that each object is written once, and only objects that some event names.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

from services.exchange.models import Exchange
from services.ledger.entry import instant
from services.ledger.events import EVENT_TYPES
from services.ledger.queries import LogLine
from services.web.auditor.exports.rows import entity

AT_A_TIME = 1_000  # events
ALWAYS = "1970-01-01T00:00:00Z"  # what never changes has its value since then
OF_EVENTS = ("office", "role", "system", "purpose", "outcome", "code", "action")
OF_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "case": (),
    "entity": (),
    "department": (),
    "exchange": ("material",),
    "evidence": ("material",),
    "user": (),
}
TIES: Mapping[str, tuple[str, ...]] = {
    "exchange": ("case", "department"),
    "evidence": ("exchange",),
}


class Related(NamedTuple):
    """An object that an event names, and how."""

    type: str
    key: str
    qualifier: str

    @property
    def id(self) -> str:
        """Return the object's id: OCEL has one space of names for all types."""
        return f"{self.type}:{self.key}"


class Shown(NamedTuple):
    """What an exchange is about, and what it brought."""

    material: str
    evidence: int | None


def ocel_file(lines: Iterable[LogLine]) -> Iterator[bytes]:
    """Yield an OCEL 2.0 log of these entries, piece by piece."""
    yield f'{{"objectTypes":{_types(OF_OBJECTS)},'.encode()
    events = dict.fromkeys(sorted(EVENT_TYPES), OF_EVENTS)
    yield f'"eventTypes":{_types(events)},"events":['.encode()
    with closing(sqlite3.connect("")) as kept:  # a file that goes with the connection
        kept.execute("CREATE TABLE object (id TEXT PRIMARY KEY, body TEXT)")
        yield from _separated(_events(lines, kept))
        yield b'],"objects":['
        bodies = kept.execute("SELECT body FROM object ORDER BY id")
        yield from _separated(body for (body,) in bodies)
    yield b"]}"


def _types(types: Mapping[str, tuple[str, ...]]) -> str:
    return json.dumps(
        [
            {
                "name": name,
                "attributes": [{"name": each, "type": "string"} for each in members],
            }
            for name, members in types.items()
        ]
    )


def _separated(texts: Iterable[str]) -> Iterator[bytes]:
    before, left = "\n", iter(texts)
    while some := list(islice(left, AT_A_TIME)):
        yield (before + ",\n".join(some)).encode()
        before = ",\n"


def _events(lines: Iterable[LogLine], kept: sqlite3.Connection) -> Iterator[str]:
    left = iter(lines)
    while some := list(islice(left, AT_A_TIME)):
        exchanges = _exchanges(some)
        for line in some:
            shown = exchanges.get(line.exchange)
            related = _related(line, shown)
            objects = [(one.id, _object(one, related, shown)) for one in related]
            kept.executemany("INSERT OR IGNORE INTO object VALUES (?, ?)", objects)
            yield _event(line, related)


def _exchanges(lines: Iterable[LogLine]) -> dict[str, Shown]:
    ids = {line.exchange for line in lines} - {""}
    rows = Exchange.objects.filter(public_id__among=sorted(ids))
    found = rows.values_list("public_id", "material", "evidence_id")
    return {name: Shown(material, evidence) for name, material, evidence in found}


def _related(line: LogLine, shown: Shown | None) -> list[Related]:
    department = line.office.partition("-")[0]
    person = line.actor_key if line.actor_kind == "human" else ""
    found = line.outcome == "FOUND" or line.type == "exchange.reused"
    evidence = shown.evidence if shown and found else None
    named = (
        Related("case", line.case, "belongs to"),
        Related("entity", entity(line), "about"),
        Related("department", department, "concerns"),
        Related("exchange", line.exchange, "step of"),
        Related("evidence", str(evidence or ""), "shows"),
        Related("user", person, "done by"),
    )
    return [one for one in named if one.key]


def _event(line: LogLine, related: Iterable[Related]) -> str:
    values = {
        "office": line.office,
        "role": line.actor_role,
        "system": line.actor_key if line.actor_kind == "system" else "",
        "purpose": line.purpose,
        "outcome": line.outcome,
        "code": line.code,
        "action": str(line.details.get("action", "")),
    }
    return _json(
        {
            "id": f"entry:{line.pk}",
            "type": line.type,
            "time": instant(line.at),
            "attributes": [
                {"name": name, "value": value}
                for name, value in values.items()
                if value
            ],
            "relationships": [
                {"objectId": one.id, "qualifier": one.qualifier} for one in related
            ],
        }
    )


def _object(one: Related, beside: Iterable[Related], shown: Shown | None) -> str:
    """Return an object, tied to what stands beside it in the same event."""
    members = OF_OBJECTS[one.type] if shown else ()
    ties = TIES.get(one.type, ())
    return _json(
        {
            "id": one.id,
            "type": one.type,
            "attributes": [
                {"name": name, "value": getattr(shown, name), "time": ALWAYS}
                for name in members
            ],
            "relationships": [
                {"objectId": other.id, "qualifier": other.type}
                for other in beside
                if other.type in ties
            ],
        }
    )


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
