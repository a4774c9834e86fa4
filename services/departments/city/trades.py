"""
Which company is made for which item.

The cast comes first. Then one company for each item, the most wanted item first, so
that a small city can show what people ask for; if there are a few companies too few,
some are made for two. What remains is surplus: these companies may have any state and
any defect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.catalogue.definition import Definition
from services.departments.city.cast import Member


@dataclass(frozen=True, slots=True)
class Trade:
    """What one company of the city is made for."""

    items: tuple[Definition, ...]
    member: Member | None = None
    surplus: bool = False


def assign_trades(
    companies: int, wanted: Sequence[Definition], cast: Sequence[Member]
) -> list[Trade]:
    """
    Return one trade per company.

    :param wanted: every item, the most wanted first.
    """
    by_number = {definition.seq: definition for definition in wanted}
    trades = [_cast_trade(member, by_number) for member in cast[:companies]]
    left = companies - len(trades)
    covered = {d.code for t in trades if t.member and t.member.is_fit for d in t.items}
    open_items = [d for d in wanted if d.code not in covered]
    if left <= 0 or not wanted:
        return trades
    second = open_items[left:] if companies >= len(wanted) else []
    for place in range(left):
        if place >= len(open_items):
            surplus = wanted[(place - len(open_items)) % len(wanted)]
            trades.append(Trade((surplus,), surplus=True))
            continue
        items = (open_items[place], *second[place::left])
        trades.append(Trade(items))
    return trades


def _cast_trade(member: Member, by_number: Mapping[int, Definition]) -> Trade:
    return Trade(
        tuple(by_number[seq] for seq in member.items if seq in by_number), member
    )
