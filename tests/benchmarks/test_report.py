"""What a benchmark prints, for people and for programs."""

from __future__ import annotations

import json

from benchmarks.report import result, show

PAIRS = [(30.0, 10.0), (10.0, 10.0), (50.0, 25.0)]


class TestResult:
    def test_takes_the_median_of_paired_ratios(self):
        found = result("completed", pairs=PAIRS, unit="cases/s", checked="all")

        assert (found.ours, found.rival, found.ratio) == (30.0, 10.0, 2.0)
        assert found.spread == "1.000-3.000"


class TestShow:
    def test_prints_one_object_per_line_in_the_order_given(self, capsys):
        results = [
            result(name, pairs=PAIRS, unit="cases/s", checked="all")
            for name in ("completed", "filed")
        ]

        show(results, as_json=True)

        printed = capsys.readouterr()
        lines = [json.loads(line) for line in printed.out.splitlines()]
        assert [line["name"] for line in lines] == ["completed", "filed"]
        assert list(lines[0]) == [
            "name",
            "ours",
            "rival",
            "ratio",
            "unit",
            "spread",
            "checked",
        ]
        assert "celery" in printed.err

    def test_prints_a_table_for_people(self, capsys):
        show(
            [result("filed", pairs=PAIRS, unit="cases/s", checked="all rows")],
            as_json=False,
        )

        head, line, checked = capsys.readouterr().out.splitlines()
        assert head.split()[:4] == ["name", "ours", "rival", "ratio"]
        assert line.split()[:4] == ["filed", "30.0", "10.0", "2.000"]
        assert checked.split(": ")[1] == "all rows"
