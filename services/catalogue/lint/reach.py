"""Rules about what can be reached: materials in use, items that can be completed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.lint.stops import effects_of
from services.catalogue.source import Catalogue

UNUSED_MATERIAL = Rule(
    "unused_material",
    ADVICE,
    _("没有事项用到 %(material)s"),
    _("删除该材料，或列入需要它的事项"),
)
CYCLE = Rule(
    "cycle",
    PROBLEM,
    _("互为前置，谁也办不成：%(path)s"),
    _("去掉其中一环的材料，或为它设任选组"),
)
Slots = list[frozenset[str]]


def find_unused(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on materials that no item uses."""
    used = {row["material_code"] for row in catalogue.tables["item_materials"]}
    for code, row in catalogue.materials.items():
        if code not in used and code != catalogue.city.credit_material:
            yield UNUSED_MATERIAL.at(row, material=code)


def find_cycles(catalogue: Catalogue) -> Iterator[Finding]:
    """
    Name items that wait for a certificate which waits for them.

    What only a renewal or amendment yields counts as held, and so does what no item
    yields; a requirement is met by any of its alternatives. Questions keep their
    default answers.
    """
    needs = {seq: default_slots(catalogue, seq) for seq in catalogue.items}
    blocked = set(catalogue.items)
    while free := {
        seq for seq in blocked if _completable(catalogue, seq, needs, blocked)
    }:
        blocked -= free
    reported: set[str] = set()
    for seq in catalogue.items:
        if seq in blocked and seq not in reported:
            path = _path(catalogue, seq, needs, blocked)
            if not reported & set(path):
                names = " → ".join(catalogue.items[one]["name"] for one in path)
                yield CYCLE.at(catalogue.items[path[0]], path=names)
            reported |= {seq, *path}


def _completable(
    catalogue: Catalogue, seq: str, needs: dict[str, Slots], blocked: set[str]
) -> bool:
    return all(
        any(not _waiting(catalogue, material, blocked) for material in slot)
        for slot in needs[seq]
    )


def _waiting(catalogue: Catalogue, material: str, blocked: set[str]) -> list[str]:
    """Return the blocked items that a material waits for; none if it can be had."""
    makers = catalogue.making.get(material, [])
    waiting = [seq for seq in makers if seq in blocked]
    return waiting if len(waiting) == len(makers) else []


def _path(
    catalogue: Catalogue, start: str, needs: dict[str, Slots], blocked: set[str]
) -> list[str]:
    """Return a way round: each item waits for the next, the last for the first."""
    way = [start]
    while True:
        following = next(
            maker
            for slot in needs[way[-1]]
            if all(_waiting(catalogue, material, blocked) for material in slot)
            for material in sorted(slot)
            for maker in _waiting(catalogue, material, blocked)
        )
        if following in way:
            return [*way[way.index(following) :], following]
        way.append(following)


def default_slots(catalogue: Catalogue, seq: str) -> Slots:
    """Return what an item asks for under its default answers, any-of groups joined."""
    chosen: dict[str, list[str]] = {}
    for row in catalogue.rows("situations", seq):
        if row["default"] == "1":
            for effect in effects_of(catalogue, row):
                chosen.setdefault(effect["effect"], []).extend(effect.many("value"))
    required = chosen.get("require_material", [])
    waived = set(chosen.get("waive_material", [])) - set(required)
    listed = catalogue.items[seq].many("materials")
    wanted = [m for m in dict.fromkeys([*listed, *required]) if m not in waived]
    groups = chosen.get("any_of_group", [])
    groups += [r["group_code"] for r in catalogue.rows("item_alternatives", seq)]
    slots: Slots = []
    for group in groups:
        members = {row["member_material"] for row in catalogue.members[(group,)]}
        members -= waived
        met = [m for m in wanted if m in members and m not in required]
        if met or group in chosen.get("any_of_group", []):
            slots.append(frozenset(members))
            wanted = [m for m in wanted if m not in met]
    return slots + [frozenset({material}) for material in wanted]
