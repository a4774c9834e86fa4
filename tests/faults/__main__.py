"""
Break everything: `python -m tests.faults [--short] [--only F1,F7] [--fresh]`.

Goes on where it stopped, whatever else has changed since; what was done stands in
var/faults/, with the commit that it was done on.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.faults.catalogue import BY_CODE, DEADLINES, FAULTS
from tests.faults.database import Database
from tests.faults.disks import hide_mounts
from tests.faults.files import Files
from tests.faults.hall import running_hall
from tests.faults.report import say, table, told, write_document
from tests.faults.run import pass_deadlines, try_once
from tests.faults.state import State
from tests.faults.trial import LONG, SHORT, Fault, Size

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
    hide_mounts()
    try:
        for kind in (Database, Files):
            _run([each for each in left if each[0].database is kind], kind, state, size)
    finally:
        if size == LONG:
            write_document(state.of(FAULTS), size)
    results = state.of((*chosen, DEADLINES) if options.short else chosen)
    say(table(results))
    every = [one for _, done in results for one in done]
    return int(any(one.findings or one.void for one in every))


def _run(
    left: list[tuple[Fault, int]],
    kind: type[Database | Files],
    state: State,
    size: Size,
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
            if size.short:
                hall.open()
            took = time.monotonic() - started
            say(f"a hall for {companies} companies in {took:.0f} s")
            for fault, number in left:
                seed = state.seed(fault.code, number)
                say(f"{fault.code} {fault.name}, {number}, seed {seed}")
                result = try_once(hall, fault, number=number, seed=seed, size=size)
                state.keep(fault, number, result)
                say(told(result))
            if size.short:
                result = pass_deadlines(hall, size=size)
                state.keep(DEADLINES, kind.__name__, result)
                say(f"{DEADLINES.code} {DEADLINES.name}\n{told(result)}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
