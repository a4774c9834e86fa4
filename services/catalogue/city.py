"""The city whose catalogue is loaded, and its districts, as values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class City(NamedTuple):
    """What the software must know of a city and reads from city.csv."""

    code: str  # 330100
    name: str
    name_en: str
    item_prefix: str  # HZ
    licence_material: str  # what every item asks for and nobody submits
    credit_material: str  # closes the way of commitment
    form_materials: tuple[str, ...]  # made by filing itself
    commitment_material: str  # made by signing

    def item_code(self, seq: int) -> str:
        """Return the code of the item with this number: HZ-004."""
        return f"{self.item_prefix}-{seq:03d}"


class District(NamedTuple):
    """A district; an abolished one lives on in old licence numbers."""

    code: str
    name: str
    name_en: str
    abolished: bool
    successor: str  # code of the district that took it over


def city_from(values: Mapping[str, str]) -> City:
    """Return the city that the keys of city.csv describe."""
    return City(
        code=values["city_code"],
        name=values["city_name"],
        name_en=values["city_name_en"],
        item_prefix=values["item_prefix"],
        licence_material=values["licence_material"],
        credit_material=values["credit_material"],
        form_materials=tuple(p for p in values["form_materials"].split(";") if p),
        commitment_material=values["commitment_material"],
    )


def district_from(values: Mapping[str, str]) -> District:
    """Return the district that a row of districts.csv describes."""
    return District(
        code=values["code"],
        name=values["name"],
        name_en=values["name_en"],
        abolished=values["abolished"] == "1",
        successor=values["successor"],
    )


def current_code(code: str, districts: Mapping[str, District]) -> str:
    """Return the district's own code, or its successor's if it was abolished."""
    district = districts.get(code)
    return district.successor if district and district.abolished else code
