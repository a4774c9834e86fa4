"""
How fast cases are filed.

    python benchmarks/filing.py [--quick] [--json]

PostgreSQL (from a wheel, durable commits) and Valkey with its append-only file run on
this machine; no worker takes part. Blocks of ours and the rival's alternate.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).absolute().parent.parent))

from benchmarks.report import Result, run_script
from benchmarks.servers import Servers, servers

WARM_UP = 20


@dataclass(frozen=True)
class Size:
    """How often, and how much each time."""

    rounds: int
    filings: int


FULL = Size(rounds=5, filings=300)
QUICK = Size(rounds=3, filings=40)


def measure(size: Size) -> list[Result]:
    """Return the results, the headline first."""
    with servers() as running:
        return _filed(running, size)


def _filed(running: Servers, size: Size) -> list[Result]:
    from django.utils import timezone

    from benchmarks.companies import item_of_four_verifications, make_companies
    from benchmarks.databases import let_go
    from benchmarks.filed import Filed

    item = item_of_four_verifications()
    wanted = WARM_UP + size.rounds * size.filings
    applicants = iter(make_companies(wanted, item=item, now=timezone.now()))
    let_go()
    filed = Filed(running.database, item)
    filed.run(list(islice(applicants, WARM_UP)))
    rounds = [
        filed.run(list(islice(applicants, size.filings))) for _ in range(size.rounds)
    ]
    results = list(filed.results(rounds))
    filed.close()
    return results


if __name__ == "__main__":
    run_script(__doc__, lambda quick, _only: measure(QUICK if quick else FULL))
