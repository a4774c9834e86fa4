"""Rules about bundles of items for one event in a company's life (life_events.csv)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

EVENT_ORDER = Rule(
    "event_order",
    PROBLEM,
    _("“%(event)s”的 order 应从 1 起连续"),
    _("重新编号"),
)
EVENT_NAME = Rule(
    "event_name",
    PROBLEM,
    _("“%(event)s”各行的名称不同"),
    _("同一事件各行写同一名称"),
)
DEPENDS_OUTSIDE = Rule(
    "depends_outside",
    PROBLEM,
    _("依赖的事项 %(item)s 不在“%(event)s”中"),
    _("把该事项加入，或删除依赖"),
)
DEPENDS_ON_LATER = Rule(
    "depends_on_later",
    PROBLEM,
    _("排在它所依赖的事项 %(item)s 之前"),
    _("调整 order"),
)
NEEDS_BEFORE = Rule(
    "needs_before",
    PROBLEM,
    _("需要 %(material)s，由同一事件的 %(items)s 产生，却没有依赖它"),
    _("在 depends_on 写上该事项"),
)


def find_events(catalogue: Catalogue) -> Iterator[Finding]:
    """Name bundles whose order contradicts what the items need."""
    for rows in catalogue.tables["life_events"].grouped("event_code").values():
        name = rows[0]["name"]
        orders = {row["item_seq"]: int(row["order"]) for row in rows}
        if sorted(orders.values()) != list(range(1, len(rows) + 1)):
            yield EVENT_ORDER.at(rows[0], event=name)
        for row in rows:
            if row["name"] != name:
                yield EVENT_NAME.at(row, event=name)
            for item in row.many("depends_on"):
                if item not in orders:
                    yield DEPENDS_OUTSIDE.at(row, item=item, event=name)
                elif orders[item] >= orders[row["item_seq"]]:
                    yield DEPENDS_ON_LATER.at(row, item=item)
        yield from _needs(catalogue, rows)


def _needs(catalogue: Catalogue, rows: list[Row]) -> Iterator[Finding]:
    depends = {row["item_seq"]: row.many("depends_on") for row in rows}
    for row in rows:
        seq = row["item_seq"]
        before = _before(seq, depends)
        for material in _needed_alone(catalogue, seq):
            makers = {m for m in catalogue.making.get(material, []) if m in depends}
            makers.discard(seq)
            if makers and not makers & before:
                yield NEEDS_BEFORE.at(
                    row, material=material, items="、".join(sorted(makers))
                )


def _before(seq: str, depends: dict[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    open_ends = [seq]
    while open_ends:
        for item in depends.get(open_ends.pop(), ()):
            if item not in found:
                found.add(item)
                open_ends.append(item)
    return found


def _needed_alone(catalogue: Catalogue, seq: str) -> list[str]:
    """Return the materials an item lists that no alternative can stand in for."""
    shared = {
        member["member_material"]
        for row in catalogue.rows("item_alternatives", seq)
        if row["basis"] == "listed"
        for member in catalogue.members[(row["group_code"],)]
    }
    listed = catalogue.items[seq].many("materials")
    return [material for material in listed if material not in shared]
