"""The table of faults, in the terminal and in docs/reliability.md."""

from __future__ import annotations

import sys
from statistics import median

from onelicense.environment import BASE_DIR
from tests.faults.trial import Fault, Result, Size

DOCUMENT = BASE_DIR / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
HEAD = (
    "| fault | what was done | times | filings | a second: least, median"
    " | recovery: median, worst | checker | seconds each | commits |\n"
    "|---|---|---|---|---|---|---|---|---|"
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
    if result.void:
        verdict = f"VOID ({result.void}), {verdict}"
    return "\n   ".join([f"{line}: {verdict} {result.note}", *result.findings])


def table(results: Results) -> str:
    """Return the table, and every finding below it."""
    lines = [HEAD, *(_line(fault, done) for fault, done in results)]
    remarks = [
        f"- {fault.code} (seed {result.seed}): {remark}"
        for fault, done in results
        for result in done
        for remark in _remarks(result)
    ]
    return "\n".join([*lines, *([""] if remarks else []), *remarks])


def write_document(results: Results, groups: Results, size: Size) -> None:
    """Put the table, and what has been run so far, between the marks."""
    every = [*results, *groups]
    proving = [
        min(fault.times, sum(one.proves for one in done)) for fault, done in results
    ]
    wanted = sum(fault.times for fault, _ in results)
    minutes = sum(one.took_s for _, done in every for one in done) / 60
    text = (
        f"`make faults`: {sum(proving)} of {wanted} repetitions so far,"
        f" {size.per_second:g} filings a second wanted for {size.load_s:g} s,"
        f" {minutes:.0f} minutes in all.\n\n"
        f"{table(every)}"
    )
    page = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _line(fault: Fault, done: list[Result]) -> str:
    if not done:
        cells = [f"{fault.code} {fault.name}", fault.what, f"0 of {fault.times}"]
        return f"| {' | '.join([*cells, *[''] * 5, '']).rstrip()} |"
    commits = ", ".join(dict.fromkeys(one.commit for one in done))
    if done[0].left_out:
        cells = [f"{fault.code} {fault.name}", f"left out: {done[0].left_out}"]
        return f"| {' | '.join([*cells, *[''] * 6, commits])} |"
    void = sum(bool(one.void) for one in done)
    found = sum(len(one.findings) for one in done)
    done = [one for one in done if one.proves]
    rates = [one.per_second for one in done if one.per_second is not None]
    times = [one.recovery_s for one in done if one.recovery_s is not None]
    took = f"{median(times):.1f} s, {max(times):.1f} s" if times else "–"
    if fault.recovers_within_s:
        took += f" (limit {fault.recovers_within_s:.0f} s)"
    cells = (
        f"{fault.code} {fault.name}",
        fault.what,
        f"{len(done)}" + (f", {void} void" if void else ""),
        str(sum(one.acknowledged for one in done)),
        f"{min(rates):.0f}, {median(rates):.0f}" if rates else "–",
        took,
        f"**{found} findings**" if found else "clean" if done else "–",
        f"{median(one.took_s for one in done):.0f}" if done else "–",
        commits,
    )
    return f"| {' | '.join(cells)} |"


def _remarks(result: Result) -> list[str]:
    """Return what is to be said of one repetition: findings, and what it measured."""
    void = [f"void: {result.void}"] if result.void else []
    return [*result.findings, *void, *([result.note] if result.note else [])]
