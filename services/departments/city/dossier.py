"""One company as departments know it: its staff, places, projects and vehicles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from faker import Faker

from services.common.subjects import Subject, subject_key
from services.registry.city.ground import Ground
from services.registry.city.provider import (
    DECIMALS,
    PEOPLE_EACH,
    CityProvider,
    resident_id,
)
from services.registry.models import Entity
from services.registry.uscc import ALPHABET, VALUES, generate

EACH = 2  # staff besides the representative, vehicles, ships
FICTION = "仿"  # stands on plates where a province would
PLATE_LENGTH = 5
LAST_PLAIN_SERIAL = len(ALPHABET) * DECIMALS
PARTNERS = "FAKP"  # bodies of partners that are in no register


class Person(NamedTuple):
    name: str
    id_number: str


class Partner(NamedTuple):
    """Another company: a contractor, a laboratory, a supplier."""

    uscc: str
    name: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about a company that several registers say alike."""

    entity: Entity
    serial: int
    ground: Ground
    as_of: date
    seed: int
    people: tuple[Person, ...]  # the representative first
    partner: Partner
    project_code: str
    project_name: str
    vehicles: tuple[str, ...]
    ships: tuple[str, ...]
    devices: tuple[str, ...]
    headcount: int
    area_m2: int
    size: float  # how large against the examples of the catalogue

    def random(self, what: str) -> Random:
        """Return a generator that belongs to one thing of this company."""
        return Random(f"{self.seed}:{self.entity.uscc}:{what}")  # noqa: S311

    def subjects(self, kind: str, *, afloat: bool = False) -> tuple[Subject, ...]:
        """Return what evidence of this kind may be about."""
        names = {
            "person": tuple(person.id_number for person in self.people),
            "premises": tuple(dict.fromkeys(self._places())),
            "project": (self.project_code,),
            "vehicle": self.ships if afloat else self.vehicles,
            "device": self.devices,
            "other_entity": (self.partner.uscc,),
        }.get(kind, (self.entity.uscc,))
        return tuple(Subject(kind, subject_key(kind, name)) for name in names)

    def _places(self) -> tuple[str, str]:
        return self.entity.registered_address, self.entity.place_of_business


@lru_cache(maxsize=1)
def synthetic_faker() -> Any:
    """Return the one generator of names; seed it before each use."""
    fake = Faker("zh_CN")
    fake.add_provider(CityProvider)
    return fake


def serial_of(uscc: str) -> int:
    """Return a number that no other licence number of the city has."""
    letter, digits = uscc[11], uscc[12:16]
    if digits.isdecimal():
        return (VALUES[letter] - VALUES["E"]) % len(ALPHABET) * DECIMALS + int(digits)
    number = 0
    for character in uscc[11:16]:
        number = number * len(ALPHABET) + VALUES[character]
    return LAST_PLAIN_SERIAL + number


def make_dossier(
    entity: Entity,
    ground: Ground,
    *,
    as_of: date,
    seed: int = 0,
    partner: Partner | None = None,
) -> Dossier:
    """Return what departments know of a company; the same seed gives the same."""
    fake = synthetic_faker()
    fake.seed_instance(f"{seed}:{entity.uscc}:dossier")
    random, serial = fake.random, serial_of(entity.uscc)
    year = max(as_of.year - 1, min(entity.established_on, as_of).year)
    works = random.choice(("改造", "扩建", "新建"))
    return Dossier(
        entity=entity,
        serial=serial,
        ground=ground,
        as_of=as_of,
        seed=seed,
        people=_people(entity, ground, serial, fake),
        partner=partner or _synthetic_partner(serial, ground),
        project_code=f"{year % 100:02d}01-{entity.district}-04-01-{serial:06d}",
        project_name=f"{entity.legal_name}{works}项目",
        vehicles=tuple(f"{FICTION}A{_plate(serial, n)}" for n in range(EACH)),
        ships=tuple(f"{FICTION}货{serial:06d}{n}" for n in range(EACH)),
        devices=(f"3010{ground.code}{year}{serial:06d}",),
        headcount=random.randint(5, 60),
        area_m2=random.randint(6, 45) * 10,
        size=random.randint(5, 30) / 10,
    )


def _people(
    entity: Entity, ground: Ground, serial: int, fake: Any
) -> tuple[Person, ...]:
    head = Person(entity.legal_representative, entity.representative_id)
    numbers = (
        resident_id(city=ground.code, index=serial * PEOPLE_EACH + place)
        for place in range(1, EACH + 1)
    )
    return head, *(Person(fake.name(), number) for number in numbers)


def _plate(serial: int, order: int) -> str:
    left, text = serial * EACH + order, ""
    for _ in range(PLATE_LENGTH):
        left, rest = divmod(left, len(ALPHABET))
        text = ALPHABET[rest] + text
    return text


def _synthetic_partner(serial: int, ground: Ground) -> Partner:
    """Return a partner that is in no register, another one for each company."""
    uscc = generate(
        authority="9",
        category="1",
        division=ground.places[0].code,
        body=f"{PARTNERS}{serial % DECIMALS:04d}",
    )
    return Partner(uscc, f"{ground.short_name}试样{serial}建设工程有限公司")
