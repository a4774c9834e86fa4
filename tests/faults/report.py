"""The table of faults, in the terminal and in docs/reliability.md."""

from __future__ import annotations

import sys
from statistics import median

from onelicense.environment import BASE_DIR
from tests.faults.trial import Fault, Result

DOCUMENT = BASE_DIR / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
HEAD = (
    "| fault | what was done | times | filings | recovery: median, worst | checker |",
    "|---|---|---|---|---|---|",
)

Results = list[tuple[Fault, list[Result]]]


def say(text: str) -> None:
    """Print at once: somebody is waiting."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def told(result: Result) -> str:
    """Return one line about a repetition, and one for each finding."""
    recovery = f"{result.recovery_s:.1f} s" if result.recovery_s is not None else "–"
    line = f"   {result.acknowledged} filed, recovery {recovery}, {result.took_s:.0f} s"
    verdict = result.left_out or f"{len(result.findings)} findings"
    return "\n   ".join([f"{line}: {verdict} {result.note}", *result.findings])


def table(results: Results) -> str:
    """Return the table, and every finding below it."""
    lines = [*HEAD, *(_line(fault, done) for fault, done in results if done)]
    for fault, done in results:
        for result in done:
            lines += [
                f"{fault.code} (seed {result.seed}): {f}" for f in result.findings
            ]
    return "\n".join(lines)


def write_document(text: str) -> None:
    """Put the table between its marks."""
    page = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _line(fault: Fault, done: list[Result]) -> str:
    if done[0].left_out:
        return f"| {fault.code} {fault.name} | left out: {done[0].left_out} | | | | |"
    times = [one.recovery_s for one in done if one.recovery_s is not None]
    took = f"{median(times):.1f} s, {max(times):.1f} s" if times else "–"
    if fault.recovers_within_s:
        took += f" (limit {fault.recovers_within_s:.0f} s)"
    found = sum(len(one.findings) for one in done)
    cells = (
        f"{fault.code} {fault.name}",
        fault.what,
        str(len(done)),
        str(sum(one.acknowledged for one in done)),
        took,
        f"**{found} findings**" if found else "clean",
    )
    return f"| {' | '.join(cells)} |"
