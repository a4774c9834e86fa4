"""Settle what a company is before its details are drawn: type, line, place, age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.departments.city.cast import Member
from services.departments.city.needs import FREE, LEASED, OWN, REGISTRY, UNFILED, Needs
from services.departments.city.trades import Trade
from services.registry.city.companies import CATEGORY, Sketch
from services.registry.city.ground import ANY_INDUSTRY, Ground, Line, Place
from services.registry.models import Entity

Type = Entity.Type
Status = Entity.Status
Weights = Mapping[str, int]

STATES: Weights = {  # of surplus companies, in per cent
    Status.ACTIVE: 84,
    Status.ABNORMAL: 5,
    Status.SUSPENDED: 3,
    Status.REVOKED: 3,
    Status.DEREGISTERED: 3,
    Status.MOVED_AWAY: 2,
}
TENURES: Weights = {LEASED: 52, OWN: 30, UNFILED: 12, FREE: 6}  # of surplus companies
USUAL_TYPES: Weights = {Type.COMPANY: 96, Type.BRANCH: 4}
TYPES: Mapping[str, Weights] = {  # by GB/T 4754 section
    "A": {Type.COMPANY: 55, Type.COOPERATIVE: 40, Type.SOLE_TRADER: 5},
    "F": {Type.COMPANY: 70, Type.SOLE_TRADER: 28, Type.BRANCH: 2},
    "H": {Type.COMPANY: 60, Type.SOLE_TRADER: 38, Type.BRANCH: 2},
    "O": {Type.COMPANY: 60, Type.SOLE_TRADER: 38, Type.BRANCH: 2},
}
OF_COMPANIES = {"registered_capital", "entity_type"}  # facts that a trader lacks
NEWEST_DAYS, SETTLED_DAYS, OLDEST_DAYS = 20, 2 * 366, 15 * 365


def draw(weights: Weights, random: Random) -> str:
    """Return one of the keys, as often as its weight says."""
    return random.choices(list(weights), list(weights.values()))[0]


@dataclass(frozen=True, slots=True)
class Draughtsman:
    """Sketches the companies of one city."""

    ground: Ground
    as_of: date

    def sketch(self, serial: int, trade: Trade, needs: Needs, random: Random) -> Sketch:
        """Return what is settled about the n-th company."""
        section = trade.items[0].industry if trade.items else ANY_INDUSTRY
        if trade.member:
            return self._member(serial, trade.member, random)
        return Sketch(
            serial=serial,
            type=_type(section, needs, random),
            line=random.choice(self.ground.lines_of(section)),
            place=random.choice(self.ground.places),
            established_on=self._founded(random, young=trade.surplus),
            as_of=self.as_of,
            status=draw(STATES, random) if trade.surplus else Status.ACTIVE,
            at_one_place=not trade.surplus,
        )

    def _member(self, serial: int, member: Member, random: Random) -> Sketch:
        kinds = {category: kind for kind, category in CATEGORY.items()}
        lines: Sequence[Line] = self.ground.lines_of(member.section)
        place: Place = self.ground.place(member.uscc[2:8])
        return Sketch(
            serial=serial,
            type=kinds.get(member.uscc[1], Type.COMPANY),
            line=lines[0],
            place=place,
            established_on=self._founded(random, young=False),
            as_of=self.as_of,
            status=member.status,
            uscc=member.uscc,
            renamed=bool(member.under_former_name),
            at_one_place=True,
        )

    def _founded(self, random: Random, *, young: bool) -> date:
        newest = NEWEST_DAYS if young else SETTLED_DAYS
        return self.as_of - timedelta(days=random.randint(newest, OLDEST_DAYS))


def _type(section: str, needs: Needs, random: Random) -> str:
    """Return a type that fits the trade; some items look at facts of companies."""
    facts = {avoid.attribute for avoid in needs.avoided(REGISTRY)}
    if facts & OF_COMPANIES:
        return Type.COMPANY
    return draw(TYPES.get(section, USUAL_TYPES), random)
