"""
How fast departments' answers are obtained, recorded and decided on.

    python benchmarks/exchange.py [--quick] [--json]

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


FULL = Size(rounds=5, waiting=2000, alone=100)
QUICK = Size(rounds=3, waiting=150, alone=20)


def measure(size: Size) -> list[Result]:
    """Return the results, the headline first."""
    with servers() as running:
        return _measure(running, size)


def _measure(running: Servers, size: Size) -> list[Result]:
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
    running.stack.launch_beat()
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
    run_script(__doc__, lambda quick: measure(QUICK if quick else FULL))
