"""Tamper in every way, at many places, and look what is caught."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from services.common.errors import DomainError
from services.ledger.check import check_log
from services.ledger.drill.copying import Copy
from services.ledger.drill.kinds import KINDS, Kind
from services.ledger.drill.tampering import (
    Hand,
    NotPossible,
    hand_at,
    undone,
    without_triggers,
)
from services.ledger.span_check import Difference


class FalseAlarm(DomainError):
    """The copy differs although nobody tampered with it: so does the log."""

    code = "log_differs"


@dataclass
class Outcome:
    """What became of one kind: how often it was tried, caught, and named rightly."""

    kind: Kind
    tried: int = 0
    caught: int = 0
    named: int = 0
    example: str = ""
    why_not: str = ""
    missed: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether it was as promised."""
        return not self.kind.promised or self.tried == self.caught == self.named


def drill(copy: Copy, *, positions: int, seed: int) -> Iterator[Outcome]:
    """
    Yield what became of each kind, at so many random places.

    :raises FalseAlarm: if the untouched copy differs, before or afterwards.
    """
    _refuse_differences(copy)
    hand = hand_at(copy, Random(seed))  # noqa: S311  no secret
    for kind in KINDS:
        yield _drilled(hand, kind, positions)
    _refuse_differences(copy)


def _drilled(hand: Hand, kind: Kind, positions: int) -> Outcome:
    outcome = Outcome(kind)
    for _ in range(positions):
        with undone(hand.copy):
            try:
                with without_triggers():
                    index = kind.tamper(hand)
            except NotPossible as why:
                outcome.why_not = str(why)
                return outcome
            _note(outcome, index, check_log(outside=hand.copy.outside).differences)
    return outcome


def _note(outcome: Outcome, index: int | None, found: tuple[Difference, ...]) -> None:
    outcome.tried += 1
    if not found:
        outcome.missed.append(f"index {index}: nothing was found")
        return
    outcome.caught += 1
    outcome.example = str(found[0])
    if index is None or _names(found[0], index):
        outcome.named += 1
    else:
        outcome.missed.append(f"index {index}: {found[0]}")


def _names(found: Difference, index: int) -> bool:
    """Tell whether a difference names an index, or a stretch that begins before it."""
    if found.index is None:
        return False
    return found.index <= index < (found.end or found.index + 1)


def _refuse_differences(copy: Copy) -> None:
    for difference in check_log(outside=copy.outside).differences:
        raise FalseAlarm(str(difference))
