"""One record in the making: whose it is, about what, and from when until when."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from services.catalogue.models import Material
from services.common.subjects import Subject
from services.departments.city.dossier import Dossier, Person
from services.departments.city.needs import attribute_codes

SUBJECTS_EACH = 4  # more than a company has of any kind
CHECKED_FACT = "数据核验"  # a register's present state; it has no end of its own
MONTHS_OF_END = {  # what ends, and after how many months where nothing is stated
    "valid_to": 120,
    "lease_to": 60,
    "term_to": 120,
    "contract_to": 36,
}
ENTERED_ONCE = {"issued_on", "filed_on", "registered_on", "certified_on"}
FRESH_DAYS = 28
OLD_DAYS = 1500
SETTLED_DAYS = 120  # where time allows, a certificate is at least so old
YOUNGEST, OLDEST = 0.05, 0.55  # share of its validity that has passed


class Term(NamedTuple):
    issued_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A record whose attributes are still to be written."""

    dossier: Dossier
    material: Material
    subject: Subject
    position: int  # which of the company's subjects of this kind
    term: Term
    random: Random

    @property
    def person(self) -> Person:
        """Return whom it is about, else who acts for the company."""
        about = self.position if self.subject.kind == "person" else 0
        return self.dossier.people[about]

    @property
    def holder(self) -> str:
        """Return the name in which it stands."""
        if self.subject.kind == "person":
            return self.person.name
        return self.owner

    @property
    def owner(self) -> str:
        """Return the company behind it."""
        if self.subject.kind == "other_entity":
            return self.dossier.partner.name
        return self.dossier.entity.legal_name

    @property
    def owner_uscc(self) -> str:
        if self.subject.kind == "other_entity":
            return self.dossier.partner.uscc
        return self.dossier.entity.uscc

    @property
    def address(self) -> str:
        entity = self.dossier.entity
        both = (entity.registered_address, entity.place_of_business)
        return both[self.position] if self.subject.kind == "premises" else both[1]

    @property
    def serial(self) -> int:
        """Return a number that no other record of this material has."""
        return self.dossier.serial * SUBJECTS_EACH + self.position


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the month's last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def draw_term(material: Material, dossier: Dossier, random: Random) -> Term:
    """Return dates of a record that is good on the day of the city."""
    entity, as_of = dossier.entity, dossier.as_of
    months, codes = _months(material), attribute_codes(material)
    if "established_on" in codes:
        return Term(entity.changed_on or entity.established_on, None)
    if months:
        span = months * 30
        youngest = max(int(span * YOUNGEST), min(SETTLED_DAYS, int(span * 0.3)))
        age = random.randint(youngest, int(span * OLDEST))
    elif material.obtain_mode == CHECKED_FACT and not ENTERED_ONCE & codes:
        age = random.randint(1, FRESH_DAYS)
    else:
        age = random.randint(SETTLED_DAYS, OLD_DAYS)
    age = min(age, max(0, (as_of - entity.established_on).days))
    issued_on = as_of - timedelta(days=age)
    if not months:
        return Term(issued_on, None)
    return Term(issued_on, add_months(issued_on, months) - timedelta(days=1))


def _months(material: Material) -> int | None:
    """Return how long such a record is good, or None if it has no end."""
    ends = _ends(attribute_codes(material))
    if material.validity_months and (ends or material.obtain_mode != CHECKED_FACT):
        return material.validity_months
    return MONTHS_OF_END[ends[0]] if ends else None


def _ends(codes: Collection[str]) -> list[str]:
    return [code for code in MONTHS_OF_END if code in codes]
