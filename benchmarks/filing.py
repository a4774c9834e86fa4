"""
How fast cases are filed and completed.

    python benchmarks/filing.py [--quick] [--json]

Everything runs on this machine in one go: PostgreSQL (from a wheel, durable commits),
Valkey with its append-only file, one Celery worker of ours and one of the rival with
the same pool and concurrency. Runs of ours and the rival's alternate.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).absolute().parent.parent))

from benchmarks.report import Result, show
from benchmarks.servers import Servers, servers

WARM_UP = 20


@dataclass(frozen=True)
class Size:
    """How often, and how much each time."""

    rounds: int
    filings: int
    waiting: int


FULL = Size(rounds=3, filings=300, waiting=2000)
QUICK = Size(rounds=3, filings=40, waiting=150)


def main() -> None:
    """Measure, and print the headline first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less than a minute")
    parser.add_argument("--json", action="store_true", help="one object per line")
    options = parser.parse_args()
    with servers() as running:
        results = measure(running, QUICK if options.quick else FULL)
    show(results, as_json=options.json)


def measure(running: Servers, size: Size) -> list[Result]:
    """Return the results, the headline first."""
    from django.db import connections
    from django.utils import timezone

    from benchmarks.companies import item_of_four_verifications, make_companies
    from benchmarks.completed import Completed
    from benchmarks.filed import Filed

    item = item_of_four_verifications()
    wanted = WARM_UP + size.rounds * (size.filings + size.waiting)
    applicants = iter(make_companies(wanted, item=item, now=timezone.now()))
    connections.close_all()  # who has guests cannot be copied
    filed = Filed(running.database, item)
    filed.run(list(islice(applicants, WARM_UP)))
    rounds = [
        filed.run(list(islice(applicants, size.filings))) for _ in range(size.rounds)
    ]
    filing = list(filed.results(rounds))
    filed.close()
    completed = Completed(running, item)
    completed.start()
    runs = [
        completed.run(list(islice(applicants, size.waiting)))
        for _ in range(size.rounds)
    ]
    return [completed.result(runs), *filing]


if __name__ == "__main__":
    main()
