"""Write the records that departments hold for one company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.catalogue.models import Material
from services.departments.city.dodge import dodge
from services.departments.city.dossier import Dossier
from services.departments.city.holding import Holding, draw_term
from services.departments.city.needs import (
    LEASED,
    OWN,
    Needs,
    attribute_codes,
    is_lease,
    is_title,
)
from services.departments.city.values import value_of
from services.departments.models import Record

OTHER = "other_entity"
COPY = "（备案副本）"  # tells a form who the company works with
NUMBERS = ("uscc", "project_code", "id_number")  # and whatever ends in _no


def write_records(
    dossier: Dossier, needs: Needs, materials: Mapping[str, Material], *, tenure: str
) -> Iterator[Record]:
    """
    Yield one good record per material and subject, in a stable order.

    :param tenure: own, leased, unfiled or free: which paper shows the place.
    """
    for code in sorted(needs.kinds):
        material = materials.get(code)
        if material is None or material.holder_id is None:
            continue
        if not _shows(material, tenure):
            continue
        for kind in sorted(needs.kinds[code]):
            yield from _write(dossier, needs, material, kind)


def _shows(material: Material, tenure: str) -> bool:
    """Return whether the company would have this paper, if it is about a place."""
    if is_title(material):
        return tenure == OWN
    return tenure == LEASED or not is_lease(material)


def _write(
    dossier: Dossier, needs: Needs, material: Material, kind: str
) -> Iterator[Record]:
    afloat = "ship_name" in attribute_codes(material)
    for position, subject in enumerate(dossier.subjects(kind, afloat=afloat)):
        random = dossier.random(f"{material.code}:{subject}")
        term = draw_term(material, dossier, random)
        holding = Holding(dossier, material, subject, position, term, random)
        record = _record(holding, needs)
        yield record
        if kind == OTHER:
            yield _filed_copy(record, dossier)


def _record(holding: Holding, needs: Needs) -> Record:
    material, subject = holding.material, holding.subject
    attributes = {a["code"]: value_of(holding, a) for a in material.attributes}
    for avoid in needs.avoided(material.code):
        text = attributes.get(avoid.attribute, "")
        attributes[avoid.attribute] = dodge(
            avoid.operator, avoid.value, text, holding.dossier.as_of
        )
    return Record(
        department=material.holder_id or "",
        material=material.code,
        number=_number(holding, attributes),
        subject_kind=subject.kind,
        subject_key=subject.key,
        entity=holding.owner_uscc,
        holder_name=holding.holder,
        attributes=attributes,
        issued_on=holding.term.issued_on,
        valid_until=holding.term.valid_until,
    )


def _number(holding: Holding, attributes: Mapping[str, str]) -> str:
    for code, text in attributes.items():
        if text and (code in NUMBERS or code.endswith("_no")):
            return text
    return f"{holding.material.code}-{holding.serial:06d}"


def _filed_copy(record: Record, dossier: Dossier) -> Record:
    """Return the copy of a partner's certificate that the company has on file."""
    return Record(
        department=record.department,
        material=record.material,
        number=f"{record.number}{COPY}",
        subject_kind=record.subject_kind,
        subject_key=record.subject_key,
        entity=dossier.entity.uscc,
        holder_name=record.holder_name,
        attributes=dict(record.attributes),
        issued_on=record.issued_on,
        valid_until=record.valid_until,
    )
