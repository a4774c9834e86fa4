"""
How fast the verification log takes entries in, proves them, and is checked.

    python benchmarks/log.py [--quick] [--json] [--only NAME]

PostgreSQL comes from a wheel, with durable commits; the sequencer is a process of its
own, as in production, and signs what it places. Runs of ours and the rivals' alternate.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).absolute().parent.parent))

from benchmarks.report import Result, run_script
from benchmarks.servers import Servers, servers


@dataclass(frozen=True)
class Size:
    """How often, and how much each time."""

    rounds: int
    batches: int  # of 50 entries, for each of eight writers
    links: int  # of the hash chain, for each writer
    tree: int  # entries that are proved, checked and exported
    explored: int  # entries that pages are read from


FULL = Size(rounds=5, batches=250, links=500, tree=1_000_000, explored=10_000_000)
QUICK = Size(rounds=3, batches=40, links=100, tree=100_000, explored=200_000)


def measure(size: Size, only: str = "") -> Iterator[Result]:
    """Yield the results, or those of one part alone."""
    with servers() as running:
        for part in [only] if only else PARTS:
            yield from PARTS[part](running, size)


def _written(running: Servers, size: Size) -> Iterator[Result]:
    from benchmarks.written import Written

    written = Written(running)
    written.start(size.batches)
    for _ in range(size.rounds):
        written.run(batches=size.batches, links=size.links)
    yield from written.results()


def _checked(running: Servers, size: Size) -> Iterator[Result]:
    from benchmarks.checked import checked
    from benchmarks.log_pile import pile_up

    pile_up(size.tree)
    yield checked(running.database, rounds=size.rounds)


def _exported(running: Servers, size: Size) -> Iterator[Result]:
    from benchmarks.exported import exported
    from benchmarks.log_pile import pile_up

    pile_up(size.tree)
    yield exported(running.database, rounds=size.rounds)


def _proved(_running: Servers, size: Size) -> Iterator[Result]:
    from benchmarks.log_pile import pile_up
    from benchmarks.proved import proved

    pile_up(size.tree)
    yield proved(rounds=size.rounds)


def _explored(running: Servers, size: Size) -> Iterator[Result]:
    from benchmarks.explored import explored
    from benchmarks.log_pile import pile_up

    pile_up(size.explored)
    yield from explored(running.database, rounds=size.rounds)


PARTS = {
    "written": _written,
    "checked": _checked,
    "exported": _exported,
    "proved": _proved,
    "explored": _explored,
}


if __name__ == "__main__":
    run_script(
        __doc__,
        lambda quick, only: list(measure(QUICK if quick else FULL, only)),
        alone=list(PARTS),
    )
