"""Which materials a case needs: slots of which any one member is enough. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from services.cases.planning.effects import Outcome
from services.cases.planning.index import Index


class Slot(NamedTuple):
    """Materials of which one is enough, in the order in which they are tried."""

    materials: tuple[str, ...]
    group: str = ""  # code of the any-of group, if one made this slot
    fallback: tuple[str, ...] = ()  # accepted when none of the materials is found


def fill_slots(index: Index, outcome: Outcome) -> tuple[Slot, ...]:
    """
    Return the slots of a case in a stable order: groups first, then single materials.

    `require_material` beats `waive_material`; what is waived does not come back as a
    member of a group.
    """
    materials = _materials(index, outcome)
    slots: list[Slot] = []
    used: set[str] = set()
    barred = outcome.waived.union(outcome.required)
    for code in (*outcome.any_of, *index.listed):
        chosen = code in outcome.any_of
        members = tuple(
            material
            for material in _members(index, code)
            if (chosen or material in materials)
            and material not in barred
            and material not in used
        )
        if members:
            slots.append(Slot(members, code))
            used.update(members)
    slots += [Slot((material,)) for material in materials if material not in used]
    return _with_fallbacks(index, outcome, slots)


def _materials(index: Index, outcome: Outcome) -> dict[str, None]:
    """Return what is on the list, in order: the item's own, then what answers bring."""
    base = (
        material
        for material in index.definition.materials
        if material not in outcome.waived or material in outcome.required
    )
    return dict.fromkeys((*base, *outcome.required))


def _members(index: Index, code: str) -> Iterable[str]:
    return (member.material for member in index.groups[code].members)


def _with_fallbacks(
    index: Index, outcome: Outcome, slots: list[Slot]
) -> tuple[Slot, ...]:
    """Add to each slot what is accepted when none of its materials is found."""
    if not index.fallback:
        return tuple(slots)
    taken = outcome.waived.union(*(slot.materials for slot in slots))
    return tuple(
        slot._replace(fallback=tuple(dict.fromkeys(others)))
        if (others := _fallbacks(index, slot, taken))
        else slot
        for slot in slots
    )


def _fallbacks(index: Index, slot: Slot, taken: frozenset[str]) -> list[str]:
    return [
        material
        for code in index.fallback
        if any(member in slot.materials for member in _members(index, code))
        for material in _members(index, code)
        if material not in taken and material in index.definition.links
    ]
