"""One company of the city after the other: its facts first, then its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from random import Random

from services.catalogue.models import Material
from services.catalogue.usage import subject_fields
from services.departments.city.cast import DEMO_DIR, Member
from services.departments.city.defects import rename, spoil
from services.departments.city.dodge import dodge
from services.departments.city.dossier import (
    Partner,
    make_dossier,
    synthetic_faker,
)
from services.departments.city.hold import OF_THE_COMPANY, always_held
from services.departments.city.needs import (
    PREMISES,
    REGISTRY,
    Needs,
    draw_tenure,
    is_lease,
    is_title,
    join_needs,
    needs_of,
)
from services.departments.city.records import OTHER, write_records
from services.departments.city.sketching import TENURES, Draughtsman, draw
from services.departments.city.trades import Trade
from services.departments.models import Record
from services.registry.city.companies import TYPE_NAMES, Sketch, make_company
from services.registry.city.ground import Ground, read_rows
from services.registry.models import Entity
from services.registry.queries import registry_facts

MOST_DRAWS = 50  # of names, until one is free
GONE: Mapping[str, str] = {  # the state of the licence when the company is gone
    Entity.Status.REVOKED: Record.Status.REVOKED,
    Entity.Status.DEREGISTERED: Record.Status.CANCELLED,
}


@dataclass(slots=True)
class Inhabitant:
    """A company, what it was made for, and how it has its place."""

    entity: Entity
    trade: Trade
    needs: Needs
    tenure: str
    partner: Partner | None = None

    @property
    def is_fit(self) -> bool:
        """Return whether it has all that its items need."""
        member = self.trade.member
        return member.is_fit if member else not self.trade.surplus


@dataclass
class Maker:
    """Makes the companies of one city, and then their records."""

    ground: Ground
    materials: Mapping[str, Material]
    seed: int
    as_of: date
    defects: Counter[str] = field(default_factory=Counter)
    _names: set[str] = field(default_factory=set)

    @cached_property
    def basics(self) -> Needs:
        """Return what every company has, whatever it was made for."""
        codes = [row["material_code"] for row in read_rows(DEMO_DIR / "basics.csv")]
        kinds = {code: _kinds(code) for code in codes if code in self.materials}
        for code, material in self.materials.items():
            if is_title(material) or is_lease(material):
                kinds[code] = frozenset({PREMISES})
        return Needs({**kinds, **always_held().kinds}, tenure="", avoid=())

    def inhabit(self, trades: Sequence[Trade]) -> list[Inhabitant]:
        """Return one company per trade, none of them stored."""
        draughtsman = Draughtsman(self.ground, self.as_of)
        people = []
        for serial, trade in enumerate(trades, start=1):
            random = Random(f"{self.seed}:{serial}")  # noqa: S311
            needs = join_needs([needs_of(d, self.materials) for d in trade.items])
            sketch = draughtsman.sketch(serial, trade, needs, random)
            people.append(
                Inhabitant(
                    entity=self._company(sketch, needs, random),
                    trade=trade,
                    needs=needs,
                    tenure=_tenure(trade, needs, random),
                )
            )
        _pair(people)
        return people

    def records_of(self, one: Inhabitant) -> Iterator[Record]:
        """Yield what departments hold for a company, good and defective."""
        dossier = make_dossier(
            one.entity,
            self.ground,
            as_of=self.as_of,
            seed=self.seed,
            partner=one.partner,
        )
        both = join_needs([one.needs, self.basics])
        written = write_records(dossier, both, self.materials, tenure=one.tenure)
        if one.trade.member:
            return self._of_member(written, one.entity, one.trade.member)
        spared = always_held().kinds.keys() | (
            set() if one.trade.surplus else one.needs.kinds.keys()
        )
        kept = spoil(written, dossier, spared=frozenset(spared), counts=self.defects)
        return self._of_state(kept, one.entity)

    def _of_member(
        self, written: Iterator[Record], entity: Entity, member: Member
    ) -> Iterator[Record]:
        """Yield the records of a member of the cast: just the faults of its role."""
        kept = (record for record in written if record.material not in member.lacks)
        for record in self._of_state(kept, entity):
            if record.material in member.under_former_name:
                rename(record, entity.former_names[0])
            yield record

    def _of_state(self, written: Iterator[Record], entity: Entity) -> Iterator[Record]:
        """Yield the records with the state of the company on its licence."""
        own = always_held().kinds
        for record in written:
            if record.material in own and record.number == entity.uscc:
                record.status = GONE.get(entity.status, record.status)
            yield record

    def _company(self, sketch: Sketch, needs: Needs, random: Random) -> Entity:
        """Return a company with a name of its own that no rule turns away."""
        fake = synthetic_faker()
        for _ in range(MOST_DRAWS):
            fake.seed_instance(f"{self.seed}:{sketch.serial}:{random.random()}")
            entity = make_company(sketch, self.ground, fake)
            if entity.legal_name not in self._names:
                break
        self._names.add(entity.legal_name)
        if sketch.status == Entity.Status.ACTIVE:
            _dodge_registry(entity, needs, self.as_of)
        return entity


def _kinds(material: str) -> frozenset[str]:
    """Return under which subjects a basic record is asked for, the company's own."""
    kinds = {kind for kind, _ in subject_fields(material)} - {OTHER}
    return frozenset(kinds) or OF_THE_COMPANY


def _tenure(trade: Trade, needs: Needs, random: Random) -> str:
    if trade.member:
        return trade.member.tenure
    if trade.surplus:
        return draw(TENURES, random)
    return draw_tenure(needs.tenure, random)


def _pair(people: Sequence[Inhabitant]) -> None:
    """Give everybody another company of the city to work with, each a different one."""
    if len(people) == 1:
        return
    for place, one in enumerate(people):
        other = people[(place + len(people) // 2) % len(people)].entity
        one.partner = Partner(other.uscc, other.legal_name)


def _dodge_registry(entity: Entity, needs: Needs, as_of: date) -> None:
    """Change facts of the register for which an item would turn the company away."""
    for avoid in needs.avoided(REGISTRY):
        fact = registry_facts(entity).get(avoid.attribute, "")
        text = dodge(avoid.operator, avoid.value, fact, as_of)
        if text == fact:
            continue
        if avoid.attribute == "registered_capital":
            entity.registered_capital = Decimal(text)
        elif avoid.attribute == "established_on":
            entity.established_on = date.fromisoformat(text)
        elif avoid.attribute == "entity_type":
            entity.type_name = TYPE_NAMES[entity.type][0][0]
