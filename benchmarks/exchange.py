"""
How fast departments' answers are obtained, recorded and decided on.

    python benchmarks/exchange.py [--quick] [--json] [--only NAME]

Everything runs on this machine in one go: PostgreSQL (from a wheel, durable commits),
Valkey with its append-only file, one Celery worker of ours with its beat, and one of
the rival with the same pool and concurrency. Runs of ours and the rival's alternate.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).absolute().parent.parent))

from benchmarks.report import Result, run_script
from benchmarks.servers import Servers, servers


@dataclass(frozen=True)
class Size:
    """How often, and how much each time."""

    rounds: int
    waiting: int
    alone: int
    among: int  # cases, and a hundred times as many delivered before


FULL = Size(rounds=5, waiting=2000, alone=100, among=200)
QUICK = Size(rounds=3, waiting=150, alone=20, among=50)
AMONG_MANY = "completed_among_many"


def measure(size: Size, only: str = "") -> list[Result]:
    """Return the results, the headline first, or only what was asked for."""
    with servers() as running:
        running.stack.launch_beat()
        among_many = _among_many(running, size)
        others = [] if only else _against_rival(running, size)
        return [*others, among_many]


def _among_many(running: Servers, size: Size) -> Result:
    from benchmarks.among_many import AmongMany
    from benchmarks.companies import item_of_four_verifications

    among_many = AmongMany(running, item_of_four_verifications())
    among_many.start(size.among)
    for _ in range(size.rounds):
        among_many.run(size.among)
    return among_many.result()


def _against_rival(running: Servers, size: Size) -> list[Result]:
    from django.utils import timezone

    from benchmarks.answered import Answered
    from benchmarks.companies import item_of_four_verifications, make_companies
    from benchmarks.completed import Completed
    from benchmarks.hindered import Hindered
    from benchmarks.pile import Pile
    from benchmarks.rival import Chords

    item = item_of_four_verifications()
    wanted = size.rounds * (2 * size.waiting + size.alone) + size.alone
    applicants = iter(make_companies(wanted, item=item, now=timezone.now()))
    running.stack.start_worker()
    chords = Chords(running)
    chords.start()
    pile = Pile(item)
    pile.run(list(islice(applicants, size.alone)))  # both processes are warm now
    completed = Completed(pile, chords)
    answered = Answered(running.database, pile, chords)
    for _ in range(size.rounds):
        completed.run(list(islice(applicants, size.waiting)))
        answered.run(list(islice(applicants, size.alone)))
    hindered = Hindered(running, pile)
    hindered.start()
    for _ in range(size.rounds):
        hindered.run(list(islice(applicants, size.waiting)))
    return [completed.result(), answered.result(), hindered.result()]


if __name__ == "__main__":
    run_script(
        __doc__,
        lambda quick, only: measure(QUICK if quick else FULL, only),
        alone=[AMONG_MANY],
    )
