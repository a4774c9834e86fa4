"""Have departments hold, or not hold, what one company needs for an item."""

from __future__ import annotations

from datetime import date

from services.catalogue.definition import Definition
from services.catalogue.queries import city, districts, materials
from services.departments.city.cast import DEMO_DIR
from services.departments.city.dossier import make_dossier
from services.departments.city.needs import LEASED, Needs, join_needs, needs_of
from services.departments.city.records import write_records
from services.departments.models import Record
from services.departments.operations.keep import drop_records, keep_records
from services.registry.city.ground import Ground, Place, read_ground
from services.registry.models import Entity

OF_THE_COMPANY = frozenset({"entity"})


def city_ground() -> Ground:
    """Return the city of the catalogue in force, with roads and trades of the demo."""
    known = districts().values()
    places = [
        Place(
            code=district.code,
            name=district.name,
            old_codes=tuple(
                old.code for old in known if old.successor == district.code
            ),
        )
        for district in known
        if not district.abolished
    ]
    here = city()
    return read_ground(DEMO_DIR, code=here.code, name=here.name, places=places)


def always_held() -> Needs:
    """Return what every company has: its licence and its credit record."""
    here = city()
    codes = (here.licence_material, here.credit_material)
    return Needs(dict.fromkeys(codes, OF_THE_COMPANY), tenure="", avoid=())


def hold_everything_for(
    entity: Entity, definition: Definition, *, as_of: date, tenure: str = LEASED
) -> list[Record]:
    """
    Have every record held that an item may verify about a company; return them.

    The facts of the register are not touched. May be called for several items.

    :param tenure: how the company has its place where the item does not mind.
    """
    needs = join_needs([needs_of(definition, materials()), always_held()])
    dossier = make_dossier(entity, city_ground(), as_of=as_of)
    records = list(
        write_records(dossier, needs, materials(), tenure=needs.tenure or tenure)
    )
    keep_records(records=records)
    return records


def drop_material(entity: Entity, material: str) -> int:
    """Have nobody hold a material for a company; return how many records went."""
    return drop_records(entity=entity.uscc, material=material)
