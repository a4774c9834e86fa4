"""What register and evidence write into the form. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from services.cases.planning.compare import same_place
from services.cases.planning.evidence import Evidence, Record
from services.cases.planning.index import Index
from services.cases.planning.plan import Knowledge, PlannedField
from services.catalogue.definition import Field, MaterialLink

REGISTRY = "registry"
STATED = "stated"
EVIDENCE_PREFILL = "evidence:"
PLACES = ("location", "address")  # attributes by which a title or lease names its place


def fill_fields(
    index: Index,
    *,
    stated: Mapping[str, str],
    registry: Mapping[str, str],
    known: Knowledge,
) -> tuple[PlannedField, ...]:
    """
    Return every field with its value: as stated, or else as prefilled.

    Evidence fills a field only if every record that may be meant says the same.
    """
    fields = index.definition.fields
    filled = {field.code: _plain(field, stated, registry) for field in fields}
    if known:
        values = {code: planned.value for code, planned in filled.items()}
        evidence = Evidence(index, known=known, fields=values, registry=registry)
        for field in fields:
            if not values[field.code] and field.prefill.startswith(EVIDENCE_PREFILL):
                filled[field.code] = _from_evidence(index, field, evidence, values)
    return tuple(filled.values())


def _plain(
    field: Field, stated: Mapping[str, str], registry: Mapping[str, str]
) -> PlannedField:
    value = stated.get(field.code, "").strip()
    if value:
        return PlannedField(field.code, value, STATED)
    source, _, name = field.prefill.partition(":")
    value = registry.get(name, "") if source == REGISTRY else ""
    return PlannedField(field.code, value, REGISTRY if value else "")


def _from_evidence(
    index: Index, field: Field, evidence: Evidence, values: Mapping[str, str]
) -> PlannedField:
    material, _, attribute = field.prefill.removeprefix(EVIDENCE_PREFILL).partition(".")
    records = _meant(index, material, evidence.records(material), values)
    texts = {record.get(attribute, "") for record in records}
    value = texts.pop() if len(texts) == 1 else ""
    return PlannedField(field.code, value, material if value else "")


def _meant(
    index: Index, material: str, records: list[Record], values: Mapping[str, str]
) -> list[Record]:
    """Return the records of the place applied for, where they name a place."""
    link = index.definition.links.get(material)
    place = _place(link, index, values)
    if not place:
        return records
    return [record for record in records if _is_at(record, place)]


def _place(link: MaterialLink | None, index: Index, values: Mapping[str, str]) -> str:
    if link is None or link.subject != "premises":
        return ""
    codes = (link.subject_field, *index.places)
    return next((values[code] for code in codes if values.get(code)), "")


def _is_at(record: Record, place: str) -> bool:
    named = [record[name] for name in PLACES if record.get(name)]
    return not named or any(same_place(name, place) for name in named)
