"""Checking and exporting the log takes little memory, however long it is."""

from __future__ import annotations

import pytest

from tests.benchmarks.scripts import run

SMALL, LARGE = 32_768, 98_304  # entries
MOST = 200 * 1024  # kB
MARGIN = 4 * 1024  # kB: a tenth of the leaves that one has more than the other
SCRIPT = f"""
import json
import os
from functools import partial
from pathlib import Path
from benchmarks.apart import apart
from benchmarks.servers import servers

def peaks():
    from benchmarks.checked import check
    from benchmarks.databases import let_go
    from benchmarks.exported import export_to
    from benchmarks.log_pile import pile_up

    for size in {SMALL, LARGE}:
        pile_up(size)
        let_go()
        folder = Path(os.environ["ONELICENSE_WITNESS"]).with_name("export")
        for work in (check, partial(export_to, folder)):
            yield apart(work)[1]

if __name__ == "__main__":
    with servers():
        print(json.dumps(list(peaks())))
"""


def test_neither_grows_with_the_log():
    (peaks,) = run(SCRIPT)
    small, large = peaks[:2], peaks[2:]

    assert max(peaks) < MOST
    assert large == pytest.approx(small, abs=MARGIN)
