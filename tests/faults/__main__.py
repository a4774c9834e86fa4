"""
Break everything: `python -m tests.faults [--short] [--only F1,F7] [--fresh]`.

Goes on where it stopped, whatever else has changed since; what was done stands in
var/faults/, with the commit that it was done on.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from tests.faults.catalogue import BY_CODE, DEADLINES, FAULTS
from tests.faults.database import Database
from tests.faults.disks import hide_mounts
from tests.faults.files import Files
from tests.faults.hall import Hall, running_hall
from tests.faults.report import say, table, told, write_document
from tests.faults.run import pass_deadlines, try_once
from tests.faults.state import State
from tests.faults.trial import LONG, SHORT, Fault, Size

Turn = tuple[Fault, int]  # a fault and the number of its repetition

COMPANIES_LEAST = 20
COMPANIES_EACH = {True: 11, False: 700}  # repetition, in the short form and in the long


def main() -> int:
    """Do what is left to do; print the table; 1 if anything was found."""
    options = _options()
    size = SHORT if options.short else LONG
    if options.load_s:
        size = replace(size, load_s=options.load_s)
    if options.per_second:
        size = replace(size, per_second=options.per_second)
    known = [fault for fault in FAULTS if fault.in_short or not options.short]
    chosen = [BY_CODE[code] for code in options.only] or known
    state = State(size=size)
    if options.fresh:
        state.forget((*chosen, DEADLINES))
    left = [
        (fault, number)
        for fault in chosen
        for number in range(1, (1 if options.short else fault.times) + 1)
        if not state.has(fault, number)
    ]
    left.sort(key=lambda each: each[0].recovers_within_s is None)  # limits first
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and cleans up
    hide_mounts()
    try:
        for kind in (Database, Files):
            _run([each for each in left if each[0].database is kind], kind, state, size)
    finally:
        if size == LONG:
            write_document(state.of(FAULTS), state.of([DEADLINES]), size)
    results = state.of((*chosen, DEADLINES))
    say(table(results))
    every = [one for _, done in results for one in done]
    return int(any(one.findings or one.void for one in every))


def _run(
    left: list[Turn], kind: type[Database | Files], state: State, size: Size
) -> None:
    """Do what is left to do on one kind of database."""
    if not left:
        return
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="onelicense-faults-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        shared = len(left) if size.short else 1
        companies = COMPANIES_LEAST + shared * COMPANIES_EACH[size.short]
        with running_hall(folder, kind, companies=companies) as hall:
            took = time.monotonic() - started
            say(f"a hall for {companies} companies in {took:.0f} s")
            for group in [left] if size.short else _groups(left):
                _run_group(hall, group, state, size)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _groups(left: list[Turn]) -> Iterator[list[Turn]]:
    """Yield repetitions of one fault that share what a hall has to offer."""
    for fault, turns in groupby(left, key=itemgetter(0)):
        several = list(turns)
        for at in range(0, len(several), fault.together):
            yield several[at : at + fault.together]


def _run_group(hall: Hall, group: list[Turn], state: State, size: Size) -> None:
    """
    Do several repetitions one after the other on a hall that begins anew.

    They are kept when the clock has passed all their deadlines, not before.
    """
    started, done = time.monotonic(), []
    hall.open()
    opened_s = time.monotonic() - started
    for fault, number in group:
        seed = state.seed(fault.code, number)
        say(f"{fault.code} {fault.name}, {number}, seed {seed}")
        result = try_once(hall, fault, number=number, seed=seed, size=size)
        done.append((fault, number, result))
        say(told(result))
    if any(not result.left_out for *_, result in done):
        (first, number, _), (last, to, _) = done[0], done[-1]
        result = pass_deadlines(hall, size=size)
        say(f"{DEADLINES.code} {DEADLINES.name}\n{told(result)}")
        result.took_s += opened_s
        result.note = f"{first.code} {number} to {last.code} {to}"
        done.append((DEADLINES, result.note, result))
    for each in done:
        state.keep(*each)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument(
        "--short", action="store_true", help="each fault once, less load"
    )
    parser.add_argument(
        "--only", default=[], type=_codes, metavar="F1,F7", help="these faults alone"
    )
    parser.add_argument("--fresh", action="store_true", help="forget earlier results")
    parser.add_argument(
        "--load-s", type=float, metavar="S", help="how long filings come"
    )
    parser.add_argument(
        "--per-second", type=float, metavar="N", help="filings a second"
    )
    return parser.parse_args()


def _codes(text: str) -> list[str]:
    codes = text.split(",")
    if unknown := set(codes) - BY_CODE.keys():
        raise argparse.ArgumentTypeError(f"no fault {', '.join(sorted(unknown))}")
    return codes


if __name__ == "__main__":
    sys.exit(main())
