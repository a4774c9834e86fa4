"""Which office is competent, by the item's rule of jurisdiction. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.cases.planning.index import Index, index_of
from services.catalogue.definition import Definition
from services.common.subjects import fold, fold_address

MUNICIPAL = ""
CITY_LEVELS = {"city", "province_delegated"}
PROJECT_DISTRICT = re.compile(r"^\d{4}-(\d{6})-")  # 2401-330106-04-01-100001

Districts = Mapping[str, str]  # name to code; abolished ones to their successor's


def competent_office_key(
    definition: Definition,
    fields: Mapping[str, str],
    registry: Mapping[str, str],
    districts: Districts,
) -> tuple[str, str]:
    """
    Return department and district code of the competent office; "" = municipal.

    Where neither form nor register names a district of the city, the municipal office
    is competent.

    :param fields: what the form holds, prefilled or stated.
    """
    level, rule = definition.authority_level, definition.jurisdiction
    if level in CITY_LEVELS or rule == "city_wide":
        return definition.department, MUNICIPAL
    index = index_of(definition)
    code = ""
    if rule == "place_of_business":
        code = _stated_place(index, fields, districts)
        code = code or _business_place(registry, districts)
    elif rule == "project_site":
        code = _project_district(index, fields, districts)
        code = code or _stated_place(index, fields, districts)
    return definition.department, code or _seat(registry, districts)


def district_of_address(address: str, districts: Districts) -> str:
    """Return the code of the district that an address names first, or nothing."""
    text = fold_address(address)
    found = [
        (text.find(name), code) for name, code in districts.items() if name in text
    ]
    return min(found)[1] if found else ""


def _stated_place(index: Index, fields: Mapping[str, str], districts: Districts) -> str:
    codes = (
        district_of_address(fields.get(code, ""), districts) for code in index.places
    )
    return next((code for code in codes if code), "")


def _project_district(
    index: Index, fields: Mapping[str, str], districts: Districts
) -> str:
    """Return the district written into the project's code by the project platform."""
    subjects = {
        link.subject_field
        for link in index.definition.links.values()
        if link.subject == "project"
    }
    for code in subjects:
        match = PROJECT_DISTRICT.match(fold(fields.get(code, "")))
        if match and match[1] in districts.values():
            return match[1]
    return ""


def _business_place(registry: Mapping[str, str], districts: Districts) -> str:
    code = registry.get("place_district", "")
    if code in districts.values():
        return code
    return district_of_address(registry.get("place_of_business", ""), districts)


def _seat(registry: Mapping[str, str], districts: Districts) -> str:
    """Return the district of the registered seat."""
    named = districts.get(registry.get("district", ""), "")
    return named or district_of_address(
        registry.get("registered_address", ""), districts
    )
