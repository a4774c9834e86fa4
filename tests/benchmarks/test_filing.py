"""The benchmark of filing runs, checks its answers, and prints what programs read."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from onelicense.environment import BASE_DIR

# The real thing, with so few cases that its figures mean nothing.
TINY = """
from benchmarks import filing
filing.QUICK = filing.Size(rounds=1, filings=3, waiting=4)
filing.main()
"""


def run(*options: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DEPARTMENTS_DATABASE_URL", "REDIS_URL"}
    }
    return subprocess.run(
        [sys.executable, "-c", TINY, *options],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


class TestFilingBenchmark:
    def test_prints_the_headline_first_and_says_what_it_checked(self):
        done = run("--quick", "--json")

        assert done.returncode == 0, done.stderr[-2000:]
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        names = [line["name"] for line in lines]
        assert names == ["completed", "filed", "drafted_and_filed"]
        assert all(line["ours"] > 0 and line["rival"] > 0 for line in lines)
        assert {line["unit"] for line in lines} == {"cases/s"}
        assert "4 cases delivered" in lines[0]["checked"]
        assert "equal in ours and the copy" in lines[1]["checked"]
