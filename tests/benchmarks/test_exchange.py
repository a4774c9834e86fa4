"""The benchmark of the exchange runs, checks its answers, and prints them."""

from __future__ import annotations

import re

from tests.benchmarks.scripts import run

# The real thing, with so few cases that its figures mean nothing.
TINY = """
from benchmarks.exchange import Size, measure
from benchmarks.report import run_script
SIZE = Size(rounds=1, waiting=4, alone=2, among=2)
run_script("", lambda _quick, _only: measure(SIZE))
"""


class TestExchangeBenchmark:
    def test_prints_the_headline_first_and_says_what_it_checked(self):
        lines = run(TINY)

        assert [line["name"] for line in lines] == [
            "completed",
            "answered_p95",
            "hindered",
            "completed_among_many",
        ]
        assert all(line["ours"] > 0 and line["rival"] > 0 for line in lines)
        assert [line["unit"] for line in lines] == [
            "cases/s",
            "ms",
            "cases/s",
            "cases/s",
        ]
        assert "12 cases delivered" in lines[0]["checked"]
        assert "clean" in lines[0]["checked"]
        rows = re.findall("among ([0-9,]+)", lines[3]["checked"])
        many, few = (int(number.replace(",", "")) for number in rows)
        assert many == 100 * few
