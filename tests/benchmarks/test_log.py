"""The benchmark of the log runs, checks its answers, and prints them."""

from __future__ import annotations

from tests.benchmarks.scripts import run

# The real thing, with so few entries that its figures mean nothing.
TINY = """
from benchmarks.log import Size, measure
from benchmarks.report import run_script
if __name__ == "__main__":
    size = Size(rounds=1, batches=8, links=5, tree=6_400, explored=6_600)
    run_script("", lambda _quick, _only: list(measure(size)))
"""


class TestLogBenchmark:
    def test_prints_the_headline_first_and_says_what_it_checked(self):
        lines = run(TINY)

        assert {line["name"]: line["unit"] for line in lines} == {
            "written": "entries/s",
            "written_chain": "entries/s",
            "covered_p95": "ms",
            "checked": "entries/s",
            "exported": "entries/s",
            "proof_p95": "ms",
            "page_p95": "ms",
            "sieve_p95": "ms",
        }
        assert lines[0]["name"] == "written"
        assert all(line["ours"] > 0 and line["rival"] > 0 for line in lines)
        assert "clean" in lines[0]["checked"]
        assert "clean, by" in lines[3]["checked"]
        assert "derived again from the files; at most" in lines[4]["checked"]
        assert "verify in a tree of" in lines[5]["checked"]
