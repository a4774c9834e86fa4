"""Whom or what evidence is about, read from the form (domain.md §4). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from services.catalogue.definition import MaterialLink
from services.common.subjects import Subject, fold, fold_address

SEPARATORS = re.compile(r"[\n\r；;、，,]+")
TOKEN = re.compile(r"[A-Z0-9]{6,}")
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}")
ENTITY = "entity"
LONGEST = 200  # characters; a longer entry names nothing that a register knows


def entity_subject(registry: Mapping[str, str]) -> Subject:
    """Return the company itself."""
    return Subject(ENTITY, fold(registry.get("uscc", "")))


def subjects_of(
    link: MaterialLink,
    *,
    fields: Mapping[str, str],
    registry: Mapping[str, str],
    several: bool,
) -> tuple[Subject, ...]:
    """
    Return what the evidence of a material is about, at least one subject.

    While the field is empty it is the company: the department looks for whatever it
    holds for it.

    :param several: whether the field holds one subject per line.
    """
    if link.subject == ENTITY or not link.subject_field:
        return (entity_subject(registry),)
    code = link.subject_field
    text = fields.get(code) or registry.get(code, "")
    keys = _keys(link.subject, text, several=several)
    if not keys:
        return (entity_subject(registry),)
    return tuple(Subject(link.subject, key) for key in keys)


def _keys(kind: str, text: str, *, several: bool) -> tuple[str, ...]:
    if kind == "premises":
        return tuple(key for key in (fold_address(text),) if 0 < len(key) <= LONGEST)
    entries = entries_of(text) if several else [text]
    if kind == "person":
        entries = _persons(entries)
    keys = (_key(kind, entry) for entry in entries)
    return tuple(dict.fromkeys(key for key in keys if 0 < len(key) <= LONGEST))


def entries_of(text: str) -> list[str]:
    """Return the entries of a field that takes one per line."""
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def _key(kind: str, entry: str) -> str:
    if kind == "person":
        return identity_number(entry) or fold(entry)
    if kind == "vehicle":
        plate = PLATE.search(fold(entry))
        return plate[0] if plate else fold(entry)
    return fold(entry)


def identity_number(entry: str) -> str:
    """Return the last token that looks like the number of a document, or nothing."""
    text = unicodedata.normalize("NFKC", entry).upper()
    tokens = [t for t in TOKEN.findall(text) if any(c.isdigit() for c in t)]
    return tokens[-1] if tokens else ""


def _persons(entries: list[str]) -> list[str]:
    """Join a name with the number that was written behind a comma."""
    joined: list[str] = []
    for entry in entries:
        alone = identity_number(entry) == fold(entry)
        if alone and joined and not identity_number(joined[-1]):
            joined[-1] = f"{joined[-1]} {entry}"
        else:
            joined.append(entry)
    return joined
