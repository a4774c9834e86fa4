"""Companies whose name, type, address, trade and dates fit together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from factory.base import Factory
from factory.declarations import LazyAttribute

from services.registry.city.ground import Ground, Line, Place
from services.registry.city.provider import PEOPLE_EACH, resident_id
from services.registry.models import Entity

Type = Entity.Type
Status = Entity.Status

CATEGORY = {Type.SOLE_TRADER: "2", Type.COOPERATIVE: "3"}
TYPE_NAMES: Mapping[str, tuple[tuple[str, int], ...]] = {  # with their frequency
    Type.COMPANY: (
        ("有限责任公司（自然人投资或控股）", 46),
        ("有限责任公司（自然人独资）", 24),
        ("有限责任公司（非自然人投资或控股的法人独资）", 16),
        ("其他有限责任公司", 8),
        ("股份有限公司（非上市、自然人投资或控股）", 4),
        ("有限责任公司（外商投资、非独资）", 2),
    ),
    Type.SOLE_TRADER: (("个体工商户", 1),),
    Type.COOPERATIVE: (("农民专业合作社", 1),),
    Type.BRANCH: (("有限责任公司分公司（自然人投资或控股）", 1),),
}
CAPITALS = (100, 200, 300, 500, 500, 1000, 1000, 2000, 5000)  # 万元
YEARS_OF_OLD_CODE = 6  # so old, a licence may carry the code of an abolished district
OLD_CODE_SHARE = 0.5
RENAMED_SHARE = 0.12
CHANGED_SHARE = 0.3
MOVED_SHARE = 0.06  # place of business is not the registered address


_drawn: Any = LazyAttribute  # factory-boy is untyped


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is settled about a company before the details are drawn."""

    serial: int
    type: str
    line: Line
    place: Place
    established_on: date
    as_of: date
    status: str = Status.ACTIVE
    uscc: str = ""  # fixed, for companies of the cast
    renamed: bool | None = None  # None: as it comes
    at_one_place: bool = False


def _name(sketch: Sketch, ground: Ground, word: str) -> str:
    city, district = ground.short_name, sketch.place.name
    if sketch.type == Type.SOLE_TRADER:
        return f"{district}{word}{sketch.line.shop_word}（个体工商户）"
    if sketch.type == Type.COOPERATIVE:
        return f"{city}{word}农业专业合作社"
    company = f"{city}{word}{sketch.line.company_word}有限公司"
    return f"{company}{district}分公司" if sketch.type == Type.BRANCH else company


def _division(sketch: Sketch, random: Random) -> str:
    if sketch.uscc:
        return sketch.uscc[2:8]
    age = sketch.as_of.year - sketch.established_on.year
    old = sketch.place.old_codes
    if old and age >= YEARS_OF_OLD_CODE and random.random() < OLD_CODE_SHARE:
        return random.choice(old)
    return sketch.place.code


def _type_name(kind: str, random: Random) -> str:
    names, weights = zip(*TYPE_NAMES[kind], strict=True)
    return str(random.choices(names, weights)[0])


def _address(place: Place, ground: Ground, random: Random) -> str:
    road = random.choice(ground.roads_of(place.code))
    house, building = random.randint(1, 399), random.randint(1, 12)
    room = random.randint(1, 22) * 100 + random.randint(1, 12)
    return f"{ground.name}{place.name}{road}{house}号{building}幢{room}室"


def _second_address(o: Any) -> str:
    elsewhere = o.fake.random.random() < MOVED_SHARE and not o.sketch.at_one_place
    if not elsewhere:
        return ""
    return _address(o.sketch.place, o.ground, o.fake.random)


def _capital(kind: str, random: Random) -> Decimal | None:
    if kind in {Type.SOLE_TRADER, Type.BRANCH}:
        return None
    return Decimal(random.choice(CAPITALS))


def _former_names(o: Any) -> list[str]:
    renamed = o.sketch.renamed
    if renamed is None:
        renamed = o.fake.random.random() < RENAMED_SHARE
    if not renamed:
        return []
    former = _name(o.sketch, o.ground, o.fake.trade_name())
    return [former] if former != o.legal_name else []


def _changed_on(o: Any) -> date | None:
    changed = bool(o.former_names) or o.fake.random.random() < CHANGED_SHARE
    return _day_since(o, o.established_on) if changed else None


def _status_since(o: Any) -> date | None:
    if o.status == Status.ACTIVE:
        return None
    return _day_since(o, o.changed_on or o.established_on)


def _day_since(o: Any, first: date) -> date:
    """Return a day after the first and not after the day of the city."""
    days = max(0, (o.sketch.as_of - first).days)
    return first + timedelta(days=o.fake.random.randint(min(1, days), days))


class CompanyFactory(Factory[Entity]):
    """Draws everything from the generator it is given; stores nothing."""

    class Meta:
        model = Entity

    class Params:
        sketch: Any = None
        ground: Any = None
        fake: Any = None
        trade_name = _drawn(lambda o: o.fake.trade_name())

    type = _drawn(lambda o: o.sketch.type)
    status = _drawn(lambda o: o.sketch.status)
    established_on = _drawn(lambda o: o.sketch.established_on)
    industry = _drawn(lambda o: o.sketch.line.section)
    business_scope = _drawn(lambda o: o.sketch.line.scope)
    district = _drawn(lambda o: o.sketch.place.code)
    district_name = _drawn(lambda o: o.sketch.place.name)
    registered_district = _drawn(lambda o: _division(o.sketch, o.fake.random))
    uscc = _drawn(
        lambda o: (
            o.sketch.uscc
            or o.fake.uscc(
                category=CATEGORY.get(o.type, "1"),
                division=o.registered_district,
                serial=o.sketch.serial,
            )
        )
    )
    type_name = _drawn(lambda o: _type_name(o.type, o.fake.random))
    legal_name = _drawn(lambda o: _name(o.sketch, o.ground, o.trade_name))
    legal_representative = _drawn(lambda o: o.fake.name())
    representative_id = _drawn(
        lambda o: resident_id(city=o.ground.code, index=o.sketch.serial * PEOPLE_EACH)
    )
    registered_address = _drawn(
        lambda o: _address(o.sketch.place, o.ground, o.fake.random)
    )
    place_of_business = _drawn(lambda o: _second_address(o) or o.registered_address)
    registered_capital = _drawn(lambda o: _capital(o.type, o.fake.random))
    phone = _drawn(lambda o: o.fake.unassigned_phone(serial=o.sketch.serial))
    former_names = _drawn(_former_names)
    changed_on = _drawn(_changed_on)
    status_since = _drawn(_status_since)


def make_company(sketch: Sketch, ground: Ground, fake: Any) -> Entity:
    """Return one unsaved company; the same generator state gives the same company."""
    company: Entity = CompanyFactory.build(sketch=sketch, ground=ground, fake=fake)
    return company
