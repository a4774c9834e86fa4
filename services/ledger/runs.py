"""Ids as runs without a gap: nearly all of a log's follow each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple


class Run(NamedTuple):
    """Ids that follow each other without a gap."""

    first: int
    length: int

    @property
    def last(self) -> int:
        return self.first + self.length - 1


def runs_of(ids: Sequence[int], *, most: int) -> Iterator[Run]:
    """Yield ids, in their order, as runs of at most so many."""
    for start in range(0, len(ids), most):
        part = ids[start : start + most]
        first, count = part[0], len(part)
        if [*part] == [*range(first, first + count)]:
            yield Run(first, count)
            continue
        breaks = [at for at, (a, b) in enumerate(pairwise(part), 1) if b != a + 1]
        for at, end in pairwise([0, *breaks, count]):
            yield Run(part[at], end - at)
