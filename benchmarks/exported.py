"""The whole log exported as tlog-tiles, against a COPY of its leaves into one file."""

from __future__ import annotations

import io
import shutil
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter

import psycopg
from django.core.management import call_command

from benchmarks.apart import KILOBYTES, apart
from benchmarks.databases import let_go
from benchmarks.report import Result, result
from services.ledger.exported import Export, verify_export
from services.ledger.models import Checkpoint
from services.ledger.signing import verifier_key

COPY = "COPY (SELECT leaf FROM ledger_logentry ORDER BY id) TO STDOUT"


def exported(address: str, *, rounds: int) -> Result:
    """Measure exports of all that is signed; copies alternate with them."""
    size = Checkpoint.objects.order_by("-size").values_list("size", flat=True)[0]
    let_go()
    pairs, peak = [], 0
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        target = Path(folder) / "export"
        for _ in range(rounds):
            rival = size / _seconds_of_copying(address, Path(folder) / "leaves")
            shutil.rmtree(target, ignore_errors=True)
            seconds, kilobytes = apart(partial(export_to, target))
            peak = max(peak, kilobytes)
            pairs.append((size / seconds, rival))
        assert verify_export(Export(target), verifier_key()).size == size
    return result(
        "exported",
        pairs=pairs,
        unit="entries/s",
        checked=f"{size:,} entries, derived again from the files; at most "
        f"{peak // KILOBYTES} MB",
    )


def export_to(folder: Path) -> None:
    """Export the log, as the command does."""
    call_command("export_log", folder, stdout=io.StringIO())


def _seconds_of_copying(address: str, file: Path) -> float:
    started = perf_counter()
    with (
        psycopg.connect(address) as connection,
        connection.cursor().copy(COPY) as copy,
        file.open("wb") as out,
    ):
        out.writelines(copy)
    return perf_counter() - started
