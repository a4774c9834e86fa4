"""The benchmark of filing runs, checks its answers, and prints what programs read."""

from __future__ import annotations

from tests.benchmarks.scripts import run

# The real thing, with so few cases that its figures mean nothing.
TINY = """
from benchmarks.filing import Size, measure
from benchmarks.report import run_script
run_script("", lambda _quick, _only: measure(Size(rounds=1, filings=3)))
"""


class TestFilingBenchmark:
    def test_prints_the_headline_first_and_says_what_it_checked(self):
        lines = run(TINY)

        assert [line["name"] for line in lines] == ["filed", "drafted_and_filed"]
        assert all(line["ours"] > 0 and line["rival"] > 0 for line in lines)
        assert {line["unit"] for line in lines} == {"cases/s"}
        assert "equal in ours and the copy" in lines[0]["checked"]
