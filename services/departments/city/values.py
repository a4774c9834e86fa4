"""A plausible value for every attribute that a department answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from services.departments.city.holding import MONTHS_OF_END, Holding
from services.departments.city.numbers import Stamp, number_like
from services.registry.models import Entity

Attribute = Mapping[str, str]
Value = Callable[[Holding, Attribute], str]

NUMBER = re.compile(r"(_no|^nationality)$")
LATER = re.compile(r"(_to|^next_\w+|^recheck_on)$")
COMPANY_NAMES = {
    *("holder_name", "owner", "lessee", "grantee", "applicant", "taxpayer_name"),
    *("employer", "institution", "practice_place", "filing_place", "place_name"),
    "legal_name",
}
FIXED_DECIMALS = {"ratio", "score", "plot_ratio", "height", "height_limit"}
FEWEST_STAFF_ON_FILE = 3
GRADES = ("A", "A", "B", "B", "M")
SOONEST_DAYS, LATEST_DAYS = 90, 330


def value_of(holding: Holding, attribute: Attribute) -> str:
    """Return what the department would show for one attribute of a record."""
    own = BY_CODE.get(attribute["code"])
    if own is not None:
        return own(holding, attribute)
    return BY_TYPE.get(attribute["type"], _text)(holding, attribute)


def _text(holding: Holding, attribute: Attribute) -> str:
    code, example = attribute["code"], attribute["example"]
    if NUMBER.search(code):
        return number_like(example, _stamp(holding))
    if code in COMPANY_NAMES:
        return holding.owner
    return _at_home(example, holding)


def _stamp(holding: Holding) -> Stamp:
    ground = holding.dossier.ground
    known = [ground.code, *(place.code for place in ground.places)]
    known += [code for place in ground.places for code in place.old_codes]
    return Stamp(
        serial=holding.serial,
        year=holding.term.issued_on.year,
        district=holding.dossier.entity.district,
        known_divisions=known,
        uscc=holding.owner_uscc,
        id_number=holding.person.id_number,
    )


def _at_home(example: str, holding: Holding) -> str:
    """Return an example with the company's district where it names another."""
    for place in holding.dossier.ground.places:
        if place.name in example:
            return example.replace(place.name, holding.dossier.entity.district_name)
    return example


def _person(holding: Holding, _attribute: Attribute) -> str:
    return holding.person.name


def _address(holding: Holding, attribute: Attribute) -> str:
    if holding.subject.kind == "person":
        return attribute["example"]  # masked there, masked here
    return holding.address


def _date(holding: Holding, attribute: Attribute) -> str:
    code = attribute["code"]
    if not LATER.search(code):
        return holding.term.issued_on.isoformat()
    if code in MONTHS_OF_END and holding.term.valid_until:
        return holding.term.valid_until.isoformat()
    days = holding.random.randint(SOONEST_DAYS, LATEST_DAYS)
    return (holding.dossier.as_of + timedelta(days=days)).isoformat()


def _number(holding: Holding, attribute: Attribute) -> str:
    """Return the example, scaled to the size of the company; zero stays zero."""
    try:
        example = Decimal(attribute["example"])
    except ArithmeticError:
        return attribute["example"]
    if attribute["code"] in FIXED_DECIMALS:
        return str(example)
    scaled = example * Decimal(str(holding.dossier.size))
    if attribute["type"] == "integer":
        return str(max(1, round(scaled)) if example else 0)
    return f"{round(scaled, 1).normalize():f}"


def _example(_holding: Holding, attribute: Attribute) -> str:
    return attribute["example"]


def _area(holding: Holding, attribute: Attribute) -> str:
    if holding.subject.kind == "premises" and attribute["type"] == "decimal":
        return str(holding.dossier.area_m2)
    return BY_TYPE.get(attribute["type"], _text)(holding, attribute)


def _grade(holding: Holding, attribute: Attribute) -> str:
    if attribute["example"] in GRADES:
        return holding.random.choice(GRADES)
    return attribute["example"]


def _paid_in(holding: Holding, attribute: Attribute) -> str:
    capital = holding.dossier.entity.registered_capital
    return f"{capital:f}" if capital else attribute["example"]


def _abnormal(holding: Holding, attribute: Attribute) -> str:
    listed = holding.dossier.entity.status == Entity.Status.ABNORMAL
    return "address" if listed else attribute["example"]


def _shareholders(holding: Holding, _attribute: Attribute) -> str:
    one, two = holding.dossier.people[:2]
    return f"{one.name} 60%、{two.name} 40%"


def _directors(holding: Holding, _attribute: Attribute) -> str:
    return f"{holding.dossier.people[0].name}（执行董事）"


def _of_entity(name: str) -> Value:
    def read(holding: Holding, _attribute: Attribute) -> str:
        value = getattr(holding.dossier.entity, name)
        return value.isoformat() if isinstance(value, date) else str(value or "")

    return read


def _subject_or_number(holding: Holding, attribute: Attribute) -> str:
    """Return the plate, device or project that the record is about."""
    kind = {"plate_no": "vehicle", "project_code": "project"}.get(
        attribute["code"], "device"
    )
    if holding.subject.kind == kind:
        return holding.subject.key
    return holding.dossier.subjects(kind)[0].key


def _ship(holding: Holding, _attribute: Attribute) -> str:
    ships = holding.dossier.ships
    return ships[min(holding.position, len(ships) - 1)]


BY_CODE: Mapping[str, Value] = {
    "uscc": _of_entity("uscc"),
    "legal_name": _of_entity("legal_name"),
    "legal_representative": _of_entity("legal_representative"),
    "registered_address": _of_entity("registered_address"),
    "business_scope": _of_entity("business_scope"),
    "established_on": _of_entity("established_on"),
    "articles_date": _of_entity("established_on"),
    "changed_on": _of_entity("changed_on"),
    "paid_in_capital": _paid_in,
    "shareholders": _shareholders,
    "directors": _directors,
    "insured_count": lambda h, _a: str(h.dossier.headcount),
    "member_count": lambda h, _a: str(h.dossier.headcount),
    "count": lambda h, _a: str(FEWEST_STAFF_ON_FILE + h.dossier.headcount % 5),
    "year": lambda h, _a: str(h.dossier.as_of.year - 1),
    "graduate_year": lambda h, _a: str(h.dossier.as_of.year),
    "last_paid": lambda h, _a: f"{h.term.issued_on:%Y-%m}",
    "period_to": lambda h, _a: h.term.issued_on.isoformat(),
    "lease_years": lambda _h, _a: str(MONTHS_OF_END["lease_to"] // 12),
    "area": _area,
    "grade": _grade,
    "abnormal_reason": _abnormal,
    "project_name": lambda h, _a: h.dossier.project_name,
    "project_code": _subject_or_number,
    "plate_no": _subject_or_number,
    "equipment_code": _subject_or_number,
    "ship_name": _ship,
}
BY_TYPE: Mapping[str, Value] = {
    "person_name": _person,
    "id_number": lambda h, _a: h.person.id_number,
    "address": _address,
    "date": _date,
    "integer": _number,
    "decimal": _number,
    "boolean": _example,
    "choice": _example,
}
