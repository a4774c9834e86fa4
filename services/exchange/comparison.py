"""
Our books against a department's own: what one has and the other cannot have. Pure.

Not every line missing on one side is an error. A call that was refused, broke off or
timed out may be unknown there; one that is under way, or whose answer was lost, is
known there and not yet here, and is put again. Such lines are counted, not reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from services.departments.gateways.contract import DEFERRED, Seen
from services.exchange.codes import REAL

# What is compared, and what may be wrong with it.
UNKNOWN_THERE = "unknown_there"  # they answered us, and have never heard of it
UNKNOWN_HERE = "unknown_here"  # they were asked, and not by us
MORE_EFFECTS = "more_effects"  # it changed their books more often than it may
OTHER_OUTCOME = "other_outcome"
# What explains a line that only one side has.
NOT_REACHED = "not_reached"
UNDER_WAY = "under_way"


class Ours(NamedTuple):
    """What we know of one request id."""

    department: str
    calls: int  # as far as we have written them down
    outcome: str  # the last real one that the department gave us
    may_be_under_way: bool


class Difference(NamedTuple):
    """Something that cannot be."""

    what: str
    department: str
    request_id: str
    ours: str
    theirs: str


@dataclass
class Comparison:
    """What two books say of each other."""

    differences: list[Difference] = field(default_factory=list)
    explained: Counter[str] = field(default_factory=Counter)
    agreed: int = 0

    def compare(
        self,
        ours: Mapping[str, Ours],
        journal: Iterable[Seen],
        *,
        most_effects: int,
    ) -> None:
        """Add what our books and these journals say of one kind of request."""
        seen: dict[str, list[Seen]] = {}
        for line in journal:
            seen.setdefault(line.request_id, []).append(line)
        for name in sorted({*ours, *seen}):
            found = list(
                _differences(name, ours.get(name), seen.get(name, []), most_effects)
            )
            self.differences += found
            if not found:
                self._explain(ours.get(name), seen.get(name, []))

    def _explain(self, ours: Ours | None, seen: list[Seen]) -> None:
        if seen and ours and ours.outcome:
            self.agreed += 1
        elif seen:
            self.explained[UNDER_WAY] += 1
        elif ours and ours.calls:
            self.explained[NOT_REACHED] += 1


def _differences(
    name: str, ours: Ours | None, seen: list[Seen], most_effects: int
) -> Iterator[Difference]:
    here = _here(ours)
    there = " ".join(f"{one.times}×{one.outcome}" for one in seen)
    where = seen[0].department if seen else ""
    if ours is None or (seen and not ours.calls and not ours.may_be_under_way):
        yield Difference(UNKNOWN_HERE, where, name, here, there)
    elif not seen and ours.outcome:
        yield Difference(UNKNOWN_THERE, ours.department, name, here, there)
    elif ours.outcome and _contradict(ours, seen):
        yield Difference(OTHER_OUTCOME, where, name, here, there)
    effects = sum(one.effects for one in seen)
    if effects > most_effects:
        yield Difference(MORE_EFFECTS, where, name, here, f"{effects} effects")


def _contradict(ours: Ours, seen: list[Seen]) -> bool:
    """Say whether all they ever told us is something else than what we were told."""
    told = {one.outcome for one in seen}
    asked_since = sum(one.times for one in seen) > ours.calls
    return ours.outcome not in told and not asked_since and told <= {*REAL, DEFERRED}


def _here(ours: Ours | None) -> str:
    if ours is None:
        return ""
    return f"{ours.calls}×{ours.outcome or '-'}"
