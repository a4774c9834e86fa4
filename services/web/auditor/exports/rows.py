"""Log entries as plain rows of texts."""

from __future__ import annotations

from services.common.subjects import parse_subject
from services.ledger.entry import instant
from services.ledger.queries import LogLine

HEAD = (
    "entry",
    "at",
    "type",
    "actor_kind",
    "actor_role",
    "actor",
    "entity",
    "office",
    "case",
    "exchange",
    "purpose",
    "basis",
    "outcome",
    "code",
    "action",
    "material",
)


def cells(line: LogLine) -> tuple[str, ...]:
    """
    Return an entry's cells, as `HEAD` names them.

    People stand under their pseudonym, and of the details only what names nobody.
    """
    return (
        str(line.pk),
        instant(line.at),
        line.type,
        line.actor_kind,
        line.actor_role,
        line.actor_key,
        entity(line),
        line.office,
        line.case,
        line.exchange,
        line.purpose,
        line.basis,
        line.outcome,
        line.code,
        str(line.details.get("action", "")),
        str(line.details.get("material", "")),
    )


def entity(line: LogLine) -> str:
    """Return the licence number that an entry is about, if it is still known."""
    kind, key = parse_subject(line.subject)
    return key if kind in {"entity", "other_entity"} else ""
