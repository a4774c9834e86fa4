"""Name, type, address, trade and dates of a made-up company fit together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from faker import Faker

from services.registry.city.companies import Sketch, make_company
from services.registry.city.ground import Ground, Place, read_ground
from services.registry.city.provider import CityProvider
from services.registry.models import Entity

AS_OF = date(2026, 11, 23)
DEMO = Path(__file__).parents[3] / "fixtures" / "demo"
WEST = Place("330106", "西湖区", ())
NORTH = Place("330105", "拱墅区", ("330103",))


@pytest.fixture(scope="module")
def ground() -> Ground:
    return read_ground(DEMO, code="330100", name="杭州市", places=[WEST, NORTH])


@pytest.fixture(scope="module")
def fake() -> Faker:
    generator = Faker("zh_CN")
    generator.add_provider(CityProvider)
    return generator


def sketch(ground: Ground, serial: int = 1, **changes) -> Sketch:
    settled = {
        "serial": serial,
        "type": Entity.Type.COMPANY,
        "line": ground.lines_of("H")[0],
        "place": WEST,
        "established_on": date(2015, 3, 1),
        "as_of": AS_OF,
    }
    return Sketch(**(settled | changes))


def companies(ground: Ground, fake: Faker, count: int, **changes) -> list[Entity]:
    made = []
    for serial in range(1, count + 1):
        fake.seed_instance(f"1:{serial}")
        made.append(make_company(sketch(ground, serial, **changes), ground, fake))
    return made


def test_the_same_state_of_the_generator_makes_the_same_company(ground, fake) -> None:
    one, two = (companies(ground, fake, 1)[0] for _ in range(2))

    facts = [f.attname for f in Entity._meta.concrete_fields]
    assert [getattr(one, f) for f in facts] == [getattr(two, f) for f in facts]


def test_nothing_is_stored(ground, fake) -> None:
    assert companies(ground, fake, 1)[0].pk is None


def test_the_address_is_a_road_of_the_district(ground, fake) -> None:
    for company in companies(ground, fake, 30):
        address = company.registered_address.removeprefix("杭州市西湖区")
        assert address.startswith(tuple(ground.roads_of("330106")))


@pytest.mark.parametrize(
    ("kind", "start", "name_has", "capital"),
    [
        (Entity.Type.COMPANY, "91", "有限公司", True),
        (Entity.Type.SOLE_TRADER, "92", "（个体工商户）", False),
        (Entity.Type.COOPERATIVE, "93", "专业合作社", True),
        (Entity.Type.BRANCH, "91", "分公司", False),
    ],
)
def test_the_type_shows_in_number_name_and_capital(
    ground, fake, kind, start, name_has, capital
) -> None:
    (company,) = companies(ground, fake, 1, type=kind)

    assert company.uscc.startswith(start)
    assert name_has in company.legal_name
    assert bool(company.registered_capital) is capital


def test_dates_follow_each_other(ground, fake) -> None:
    for company in companies(ground, fake, 60, status=Entity.Status.ABNORMAL):
        changed = company.changed_on or company.established_on
        assert company.established_on <= changed <= company.status_since <= AS_OF


def test_who_has_a_former_name_was_changed(ground, fake) -> None:
    renamed = [c for c in companies(ground, fake, 80) if c.former_names]

    assert 3 <= len(renamed) <= 20
    assert all(c.changed_on and c.legal_name not in c.former_names for c in renamed)


def test_only_old_licences_carry_an_abolished_district(ground, fake) -> None:
    old = companies(ground, fake, 40, place=NORTH)
    new = companies(ground, fake, 40, place=NORTH, established_on=date(2024, 3, 1))

    assert {c.uscc[2:8] for c in old} == {"330103", "330105"}
    assert {c.uscc[2:8] for c in new} == {"330105"}
    assert {c.district for c in old} == {"330105"}


def test_a_district_without_roads_borrows_common_ones(ground) -> None:
    assert ground.roads_of("999999") == ground.roads_of("")


def test_a_city_without_files_still_has_roads_and_trades(tmp_path) -> None:
    bare = read_ground(tmp_path, code="990100", name="云川市", places=[WEST])

    assert bare.roads_of("330106")
    assert bare.lines_of("H")
