"""Build a synthetic city: its companies, and what departments hold for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from services.catalogue.models import ItemVersion
from services.catalogue.queries import definition_of, districts, materials
from services.common.errors import DomainError
from services.departments.city.cast import MEMBERS, Member
from services.departments.city.hold import city_ground
from services.departments.city.inhabitant import Inhabitant, Maker
from services.departments.city.trades import Trade, assign_trades
from services.departments.models import Record
from services.departments.operations.keep import clear_records, keep_records
from services.registry.models import Entity, Seeding
from services.registry.operations.enrol import enrol_city

Tick = Callable[[int], None]


class CityAlreadySeeded(DomainError):
    """Another city stands here; empty both databases first."""

    code = "city_already_seeded"


class CityReport(NamedTuple):
    """What was made, or was there already."""

    companies: int
    records: int
    made_for: dict[str, str]  # item code -> licence number of a company fit for it
    states: dict[str, int]  # companies by status
    defects: dict[str, int]
    already: bool = False


def build_city(
    *, companies: int, seed: int, as_of: date, tick: Tick = lambda _done: None
) -> CityReport:
    """
    Make a city of companies and records; the same numbers make the same rows.

    Does nothing if just this city is there.

    :param tick: told the number of companies done, for progress bars.
    :raises CityAlreadySeeded: if the register holds anything else.
    """
    if standing := Seeding.objects.first():
        if (standing.companies, standing.seed, standing.as_of) == (
            companies,
            seed,
            as_of,
        ):
            return _report_standing(standing)
        raise CityAlreadySeeded(str(standing))
    if Entity.objects.exists():
        raise CityAlreadySeeded("companies that this command did not make")
    clear_records()  # left by a run that broke off
    maker = Maker(ground=city_ground(), materials=materials(), seed=seed, as_of=as_of)
    people = maker.inhabit(_trades(companies))
    kept = keep_records(records=_all_records(maker, people, tick))
    made_for = _made_for(people)
    enrol_city(
        entities=[one.entity for one in people],
        seed=seed,
        as_of=as_of,
        made_for=made_for,
    )
    return CityReport(
        companies=len(people),
        records=kept,
        made_for=made_for,
        states=dict(Counter(one.entity.status for one in people)),
        defects=dict(maker.defects),
    )


def _trades(companies: int) -> list[Trade]:
    """Return what each company is made for."""
    versions = ItemVersion.objects.filter(
        valid_until__isnull=True, item__withdrawn_on__isnull=True
    ).order_by("-item__weight", "item__seq")
    return assign_trades(companies, [definition_of(v) for v in versions], _cast())


def _cast() -> list[Member]:
    """Return the members whose licence was given in this city."""
    known = districts()
    return [member for member in MEMBERS if member.uscc[2:8] in known]


def _all_records(
    maker: Maker, people: list[Inhabitant], tick: Tick
) -> Iterator[Record]:
    for done, one in enumerate(people, start=1):
        yield from maker.records_of(one)
        tick(done)


def _made_for(people: list[Inhabitant]) -> dict[str, str]:
    made_for: dict[str, str] = {}
    for one in people:
        if one.is_fit:
            for definition in one.trade.items:
                made_for.setdefault(definition.code, one.entity.uscc)
    return made_for


def _report_standing(standing: Seeding) -> CityReport:
    states = Counter(Entity.objects.values_list("status", flat=True))
    return CityReport(
        companies=standing.companies,
        records=Record.objects.count(),
        made_for=standing.made_for,
        states=dict(states),
        defects={},
        already=True,
    )
