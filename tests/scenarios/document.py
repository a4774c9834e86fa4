"""The table as a page: `python -m tests.scenarios.document` writes it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenarios.scenario import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
HEAD = """\
# What becomes of a case, whatever a department does

Written by `python -m tests.scenarios.document` from `tests/scenarios/table/`: each
row is a test that goes through the real operations, on both ways to the departments
(in process and over HTTP) and on both databases.

Everywhere: the applicant is **never asked for a document** that government issued;
nobody decides while a requirement has no evidence; no outage stops or shifts the
clock. It *runs* from the day of filing, and has *not begun* where the case waits for
something that the department surely does not hold. The company files on Monday
2026-11-23 at 12:00.

`TC01` to `TC10` are the test cases of the EU's Once-Only Technical System, answered
by meaning: 01 evidence, 02 no match, 03 the base registry fails, 04 the access point
fails, 05 another provider has to be found first, 06 and 10 the user sees the evidence
in plain words, 07 two providers, 08 the user rejects what is shown, 09 the user
leaves before the end.
"""
COLUMNS = (
    "situation",
    "outcome and code",
    "to the applicant",
    "clerk's flags",
    "log",
    "case · clock",
    "besides",
)


def page() -> str:
    """Return the whole page."""
    from tests.scenarios.table import SECTIONS

    parts = [HEAD]
    for section in SECTIONS:
        title = (section.__doc__ or "").strip().rstrip(".")
        parts.append(f"## {title}\n")
        parts += [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
        parts += [_line(_cells(row)) for row in section.ROWS]
        parts.append("")
    return "\n".join(parts)


def _cells(row: Scenario) -> list[str]:
    what = row.expected
    besides = [
        *(f"incident `{kind}`" for kind in what.incidents),
        *(f"refused: `{reason}`" for reason in what.refused),
    ]
    if len(what.line) > 1:
        besides.append(f"line {' → '.join(what.line)}")
    return [
        f"{row.situation} ({row.oots})" if row.oots else row.situation,
        f"`{what.answer}`",
        f"{what.zh}<br>{what.en}",
        " ".join(f"`{flag}`" for flag in what.flags),
        "<br>".join(f"`{event}`" for event in what.events),
        f"{what.case} · {what.clock}",
        "<br>".join(besides),
    ]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onelicense.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
