"""
One event of the verification log and its canonical bytes. Pure: no Django.

The bytes are RFC 8785 (JSON Canonicalization Scheme), restricted to strings,
integers, booleans, lists and objects. docs/log-format.md describes every member.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, NamedTuple

from services.common.actors import SYSTEM, Actor
from services.common.errors import DomainError
from services.ledger.events import EVENT_TYPES

VERSION = 1
SALT_BYTES = 16
MAX_INTEGER = 2**53 - 1  # RFC 8785 §3.2.2.3: what every JSON reader keeps exactly
MAX_LENGTHS = {
    "office": 40,
    "case": 40,
    "exchange": 40,
    "outcome": 40,
    "code": 40,
    "subject": 240,
}
ACTOR_KINDS = ("human", "system")

quote: Callable[[str], str] = encode_basestring


class EntryNotCanonical(DomainError):
    """A member of an entry cannot be written canonically; the message names it."""

    code = "entry_not_canonical"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where


class UnknownEventType(DomainError):
    """The list of event types is closed (docs/log-format.md)."""

    code = "unknown_event_type"


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, in clear; `subject` is "kind:key" and never reaches the leaf."""

    type: str
    office: str = ""
    actor: Actor = SYSTEM
    case: str = ""
    exchange: str = ""
    subject: str = ""
    purpose: str = ""
    basis: str = ""
    outcome: str = ""
    code: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


class Sealed(NamedTuple):
    """What stands in the leaf in place of what must be forgettable."""

    actor: str
    subject: str
    details: str


TEXT_FIELDS = tuple(
    each.name for each in fields(Entry) if each.name not in {"actor", "details"}
)
texts_of = attrgetter(*TEXT_FIELDS)


def check_entries(entries: Sequence[Entry]) -> None:
    """Refuse entries as `check_entry` does, but look at all of them at once."""
    if not _are_sound(entries):
        for entry in entries:
            check_entry(entry)


def _are_sound(entries: Sequence[Entry]) -> bool:
    columns = zip(*map(texts_of, entries), strict=True)
    for name, texts in zip(TEXT_FIELDS, columns, strict=True):
        longest = MAX_LENGTHS.get(name)
        if not _are_texts(texts) or (longest and max(map(len, texts)) > longest):
            return False
        if name == "type" and not EVENT_TYPES.issuperset(texts):
            return False
    for actor in {id(entry.actor): entry.actor for entry in entries}.values():
        _check_actor(actor)
    return True


def check_entry(entry: Entry) -> None:
    """
    Refuse an entry that has no canonical form or is of no known type.

    :raises UnknownEventType: for a type outside the closed list.
    :raises EntryNotCanonical: naming the member that is wrong.
    """
    if entry.type not in EVENT_TYPES:
        raise UnknownEventType(f"type: {entry.type!r} is not in docs/log-format.md")
    texts = texts_of(entry)
    if not _are_texts(texts):
        for name, text in zip(TEXT_FIELDS, texts, strict=True):
            canonical(text, name)
            if not isinstance(text, str):
                raise EntryNotCanonical(name, "must be a text")
    for name, longest in MAX_LENGTHS.items():
        if len(getattr(entry, name)) > longest:
            raise EntryNotCanonical(name, f"is longer than {longest} characters")
    _check_actor(entry.actor)


def _check_actor(actor: Actor) -> None:
    if actor.kind not in ACTOR_KINDS or not actor.id:
        raise EntryNotCanonical("actor", f"{actor.kind!r} {actor.id!r} is nobody")
    if not _are_texts((actor.id, actor.role)):
        canonical(actor.id, "actor.id")
        canonical(actor.role, "actor.role")


def _are_texts(values: Sequence[Any]) -> bool:
    """Tell at once whether each can be written canonically; if not, which is asked."""
    try:
        together = "".join(values)
        together.encode()
    except (TypeError, UnicodeEncodeError):
        return False
    return "\0" not in together


def instant(at: datetime, where: str = "at") -> str:
    """Return an instant in the one form that the log knows: UTC, microseconds, Z."""
    if at.utcoffset() is None:
        raise EntryNotCanonical(where, "is a time without a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def leaf_text(entry: Entry, at: str, sealed: Sealed) -> str:
    """Return the leaf: members in the order of RFC 8785, each one always there."""
    actor = entry.actor
    return (
        f'{{"actor":{{"id":{quote(sealed.actor)},"kind":{quote(actor.kind)},'
        f'"role":{quote(actor.role)}}},"at":"{at}","basis":{quote(entry.basis)},'
        f'"case":{quote(entry.case)},"code":{quote(entry.code)},'
        f'"details":"{sealed.details}","exchange":{quote(entry.exchange)},'
        f'"office":{quote(entry.office)},"outcome":{quote(entry.outcome)},'
        f'"purpose":{quote(entry.purpose)},"subject":{quote(sealed.subject)},'
        f'"type":{quote(entry.type)},"v":{VERSION}}}'
    )


def longest_text(entry: Entry) -> str:
    """Return the name of the member that makes most of an entry."""
    texts = {name: getattr(entry, name) for name in TEXT_FIELDS}
    texts |= {"actor.id": entry.actor.id, "actor.role": entry.actor.role}
    return max(texts, key=lambda name: len(quote(texts[name]).encode()))


def pseudonym(clear: str, salt: bytes) -> str:
    """Return the name under which somebody stands in the log."""
    return hashlib.sha256(salt + clear.encode()).hexdigest()


def details_digest(text: str, salt: bytes) -> str:
    """Return what the leaf says about details: SHA-256 of salt and canonical text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def actor_clear(actor: Actor) -> str:
    """Return under which clear name a person's pseudonym is kept."""
    return f"{actor.kind}:{actor.id}"


def canonical(value: object, where: str) -> str:
    """
    Return a value as RFC 8785 writes it.

    Aware times become UTC texts and dates ISO texts, so that what is stored and
    what was digested are the same.

    :raises EntryNotCanonical: for floats, naive times and unknown types.
    """
    for kind, write in WRITERS:
        if isinstance(value, kind):
            return write(value, where)
    raise EntryNotCanonical(where, f"{type(value).__name__} has no canonical form")


def _canonical_text(value: str, where: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise EntryNotCanonical(where, "is not valid Unicode") from None
    if "\0" in value:
        raise EntryNotCanonical(where, "contains a NUL character")
    return quote(value)


def _canonical_integer(value: int, where: str) -> str:
    if abs(value) > MAX_INTEGER:
        raise EntryNotCanonical(where, "is beyond 2^53 - 1")
    return int.__repr__(value)


def _canonical_object(value: Mapping[object, object], where: str) -> str:
    names: list[str] = []
    for name in value:
        if not isinstance(name, str):
            raise EntryNotCanonical(where, f"has the name {name!r}, which is no text")
        names.append(name)
    names.sort(key=_utf16)
    members = [
        f"{_canonical_text(name, where)}:{canonical(value[name], f'{where}.{name}')}"
        for name in names
    ]
    return f"{{{','.join(members)}}}"


def _utf16(name: str) -> bytes:
    """RFC 8785 §3.2.3 sorts names by UTF-16 code units, not by code points."""
    return name.encode("utf-16-be", "surrogatepass")


def _canonical_array(values: Sequence[object], where: str) -> str:
    texts = [canonical(each, f"{where}[{at}]") for at, each in enumerate(values)]
    return f"[{','.join(texts)}]"


# The first that fits: a bool is an int, and a datetime is a date.
WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any, str], str]], ...] = (
    (str, _canonical_text),
    (bool, lambda value, _: "true" if value else "false"),
    (int, _canonical_integer),
    (datetime, lambda value, where: f'"{instant(value, where)}"'),
    (date, lambda value, _: f'"{value.isoformat()}"'),
    (Mapping, _canonical_object),
    ((list, tuple), _canonical_array),
)


def read_leaf(text: str) -> dict[str, object]:
    """Return the members of a leaf."""
    members: dict[str, object] = json.loads(text)
    return members
