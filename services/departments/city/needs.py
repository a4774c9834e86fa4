"""What an item verifies about a company, and which facts would turn it away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from services.catalogue.definition import Definition, MaterialLink, Rule
from services.catalogue.models import Material

EXCHANGE = "exchange"
PREMISES = "premises"
REGISTRY = "registry"
OWN, LEASED, UNFILED, FREE = "own", "leased", "unfiled", "free"
STOPS = {"not_eligible", "other_authority", "not_needed", "refer_item"}
OWN_SHARE = 0.35


class Avoid(NamedTuple):
    """A fact that must not hold, or the item is not for this company."""

    material: str  # or "registry"
    attribute: str  # "" = the record as such
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What a company must have for some items."""

    kinds: Mapping[str, frozenset[str]]  # material -> subject kinds
    tenure: str  # own, leased, or "" where either will do
    avoid: tuple[Avoid, ...]

    def avoided(self, material: str) -> list[Avoid]:
        return [avoid for avoid in self.avoid if avoid.material == material]


def attribute_codes(material: Material) -> set[str]:
    return {attribute["code"] for attribute in material.attributes}


def is_title(material: Material) -> bool:
    """Return whether this paper shows who owns a place."""
    return {"owner", "location"} <= attribute_codes(material)


def is_lease(material: Material) -> bool:
    """Return whether this paper shows who rents a place."""
    return {"lessee", "location"} <= attribute_codes(material)


def needs_of(definition: Definition, materials: Mapping[str, Material]) -> Needs:
    """
    Return all that departments may be asked about an applicant for this item.

    Every answer and every fallback is provided for. The licence that the item itself
    yields is not, unless the item always asks for it (renewals, changes).
    """
    avoid = _avoid(definition)
    forbidden = {rule.material for rule in avoid if rule.operator == "found"}
    kinds: dict[str, set[str]] = defaultdict(set)
    for code, link in definition.links.items():
        if (
            link.how == EXCHANGE
            and code not in forbidden
            and _is_asked(definition, link)
        ):
            kinds[code].add(link.subject)
    return Needs(
        kinds={code: frozenset(of) for code, of in kinds.items()},
        tenure=_tenure(definition, materials),
        avoid=avoid,
    )


def join_needs(several: Collection[Needs]) -> Needs:
    """Return what is needed for all of several items."""
    kinds: dict[str, frozenset[str]] = {}
    for needs in several:
        for code, of in needs.kinds.items():
            kinds[code] = kinds.get(code, frozenset()) | of
    tenures = {needs.tenure for needs in several} - {""}
    return Needs(
        kinds=kinds,
        tenure=OWN if OWN in tenures else next(iter(tenures), ""),
        avoid=tuple(avoid for needs in several for avoid in needs.avoid),
    )


def draw_tenure(tenure: str, random: Random) -> str:
    """Return how a company has its place: as needed, else as it comes."""
    return tenure or (OWN if random.random() < OWN_SHARE else LEASED)


def _is_asked(definition: Definition, link: MaterialLink) -> bool:
    own_result = link.material == definition.result_material
    return not own_result or link.material in definition.materials


def _avoid(definition: Definition) -> tuple[Avoid, ...]:
    stopping = {
        (effect.question, effect.option)
        for effect in definition.effects
        if effect.kind in STOPS
    }
    return tuple(
        _avoid_rule(rule)
        for rule in definition.rules
        if rule.decides and (rule.question, rule.option) in stopping
    )


def _avoid_rule(rule: Rule) -> Avoid:
    if rule.source.startswith(f"{REGISTRY}:"):
        return Avoid(REGISTRY, rule.source.partition(":")[2], rule.operator, rule.value)
    material, _, attribute = rule.source.partition(".")
    return Avoid(material, attribute, rule.operator, rule.value)


def _tenure(definition: Definition, materials: Mapping[str, Material]) -> str:
    """Return how the place must be held, if only one paper is asked for."""
    asked = {
        code
        for code in definition.materials
        if definition.links[code].subject == PREMISES
    }
    titles = {code for code in asked if is_title(materials[code])}
    leases = {code for code in asked if is_lease(materials[code])}
    if titles and leases:
        return ""
    if titles:
        return OWN
    return LEASED if leases else ""
