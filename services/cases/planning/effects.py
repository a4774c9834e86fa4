"""What the chosen options do to a case (SITUATIONS.md §3). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.cases.planning.index import STOPS, Index
from services.cases.planning.plan import Stop
from services.catalogue.definition import Effect

WORKING_DAYS_PER_MONTH = 20
Of = Mapping[str, list[Effect]]  # effects by kind


class Outcome(NamedTuple):
    """The case as the answers make it."""

    required: tuple[str, ...]
    waived: frozenset[str]
    any_of: tuple[str, ...]  # groups
    instant: bool
    inspection: bool
    promised_days: int  # working days; 0 = on the spot
    statutory: tuple[str, int]  # unit, value
    stop: Stop | None
    commitment_offered: bool
    notes: tuple[tuple[str, str], ...]


def apply_effects(index: Index, answers: Mapping[str, tuple[str, ...]]) -> Outcome:
    """Return what follows from the answers, by the precedence of SITUATIONS.md §3."""
    chosen = [
        effect
        for question, options in answers.items()
        for option in options
        for effect in index.effects.get((question, option), ())
    ]
    of: Of = defaultdict(list)
    for effect in chosen:
        of[effect.kind].append(effect)
    inspection, promised = _handling(index, of)
    return Outcome(
        required=_materials(of["require_material"]),
        waived=frozenset(_materials(of["waive_material"])),
        any_of=tuple(dict.fromkeys(effect.value for effect in of["any_of_group"])),
        instant=not promised,
        inspection=inspection,
        promised_days=_promised_days(index, of) if promised else 0,
        statutory=_statutory(index, of["statutory_days"]),
        stop=_stop(of),
        commitment_offered=bool(of["commitment_offered"]),
        notes=tuple(
            dict.fromkeys(
                (effect.reason, effect.reason_en)
                for effect in chosen
                if effect.kind not in STOPS
            )
        ),
    )


def working_days(unit: str, value: int) -> int:
    """Return a time limit in working days: a calendar day counts 5/7, a month 20."""
    if unit == "month":
        return value * WORKING_DAYS_PER_MONTH
    return max(1, value * 5 // 7) if unit == "calendar_day" else value


def _materials(effects: Iterable[Effect]) -> tuple[str, ...]:
    codes = (code for effect in effects for code in effect.value.split(";"))
    return tuple(dict.fromkeys(codes))


def _handling(index: Index, of: Of) -> tuple[bool, bool]:
    """Return whether the place is inspected, and whether the case takes time."""
    promised = not index.definition.instant
    if of["handling_instant"]:
        promised = False
    if of["handling_promised"]:
        promised = True
    if of["inspection_on"]:
        return True, True
    return index.definition.inspection and not of["inspection_off"], promised


def _promised_days(index: Index, of: Of) -> int:
    added = sum(int(effect.value) for effect in of["add_promised_days"])
    limits = [int(effect.value) for effect in of["promised_limit"]]
    return min([index.definition.promised_days + added, *limits])


def _statutory(index: Index, effects: Iterable[Effect]) -> tuple[str, int]:
    """Return the statutory time: the item's own, or the longest that was chosen."""
    chosen = [effect.value.split() for effect in effects]
    if not chosen:
        return index.definition.statutory_unit, index.definition.statutory_value
    limits = [(unit, int(value)) for value, unit in chosen]
    return max(limits, key=lambda limit: working_days(*limit))


def _stop(of: Of) -> Stop | None:
    """Return the first reason that ends the application, the gravest kind first."""
    for kind in STOPS:
        if of[kind]:
            effect = of[kind][0]
            return Stop(
                kind,
                effect.value,
                effect.reason,
                effect.reason_en,
                effect.question,
                effect.option,
            )
    return None
