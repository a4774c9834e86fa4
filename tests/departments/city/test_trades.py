"""Every item gets a company before any gets a second one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from services.departments.city.cast import Member
from services.departments.city.trades import assign_trades


def wanted(count: int) -> list:
    return [SimpleNamespace(code=f"X-{n}", seq=n) for n in range(1, count + 1)]


def member(*items: int, status: str = "active", lacks: tuple[str, ...] = ()) -> Member:
    return Member("role", "91330102FAKE000139", items, "H", "own", status, lacks, ())


def served(trades) -> set[str]:
    return {
        definition.code
        for trade in trades
        if not trade.surplus and (trade.member is None or trade.member.is_fit)
        for definition in trade.items
    }


@pytest.mark.parametrize("companies", [10, 11, 12, 25])
def test_as_many_companies_as_items_serve_every_item(companies: int) -> None:
    cast = [member(4), member(4), member(5, lacks=("M1",)), member(6, status="revoked")]

    trades = assign_trades(companies, wanted(10), cast)

    assert len(trades) == companies
    assert served(trades) == {f"X-{n}" for n in range(1, 11)}


def test_a_small_city_begins_with_what_is_wanted_most() -> None:
    trades = assign_trades(3, wanted(10), [])

    assert [t.items[0].code for t in trades] == ["X-1", "X-2", "X-3"]


def test_what_is_left_is_surplus() -> None:
    trades = assign_trades(12, wanted(10), [])

    assert [t.surplus for t in trades] == [False] * 10 + [True] * 2
    assert [t.items[0].code for t in trades[10:]] == ["X-1", "X-2"]


def test_items_that_another_city_does_not_have_are_left_out_of_the_cast() -> None:
    (trade,) = assign_trades(1, wanted(3), [member(3, 99)])

    assert [d.code for d in trade.items] == ["X-3"]


def test_a_city_without_items_still_has_its_cast() -> None:
    assert len(assign_trades(5, [], [member(4)])) == 1
