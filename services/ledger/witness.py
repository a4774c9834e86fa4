"""
A memory of checkpoints outside the database: what it holds cannot be taken back.

The simple form is a folder with one file a day. Each line is a checkpoint and when it
came; it is on the disk before anybody else sees the checkpoint.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from services.ledger.entry import instant
from services.ledger.http_witness import HttpWitness, Prove
from services.ledger.note import VerifierKey
from services.ledger.signing import witness_keys

TAIL_BYTES = 16 * 1024  # more than any checkpoint with all its signatures


class WitnessDamaged(Exception):
    """What the witness holds cannot be read; the message names the file."""


class Witness(Protocol):
    """Whoever remembers checkpoints for us."""

    def newest(self) -> str:
        """Return the newest checkpoint it holds, or an empty text."""

    def keep(self, note: str, *, prove: Prove, now: datetime) -> str:
        """Keep a checkpoint, durably; return the lines of its cosignatures, if any."""


class FolderWitness:
    """A folder that the database's owner should not be able to write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._named: set[Path] = set()  # files whose names are on the disk

    def newest(self) -> str:
        """
        Return the newest checkpoint.

        :raises WitnessDamaged: if its line cannot be read.
        """
        for file in reversed(self._files()):
            # A line that a power cut left half written was never shown to anybody.
            whole = [line for line in _last_lines(file) if line.endswith("}")]
            if whole:
                return self._read(whole[-1], file)[1]
        return ""

    def keep(self, note: str, *, prove: Prove, now: datetime) -> str:  # noqa: ARG002  it cannot judge
        """Append a checkpoint to the file of its day; a clock gone back opens none."""
        self._folder.mkdir(parents=True, exist_ok=True)
        at = instant(now)
        file = max([self._folder / f"checkpoints-{at[:10]}.jsonl", *self._files()])
        line = json.dumps({"at": at, "note": note}, ensure_ascii=False)
        known = file in self._named and file.exists()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            _write_all(handle, f"\n{line}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if not known:
            self._sync_names()
            self._named.add(file)
        return ""

    def history(self) -> Iterator[tuple[str, str]]:
        """
        Yield when each checkpoint came and its note, the oldest first.

        :raises WitnessDamaged: at a line that cannot be read.
        """
        for file in self._files():
            with file.open(encoding="utf-8", errors="replace") as opened:
                for line in filter(str.strip, opened):
                    if line.endswith("}\n"):
                        yield self._read(line, file)

    def _sync_names(self) -> None:
        """Have a new file's name on the disk too."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("checkpoints-*.jsonl"))

    @staticmethod
    def _read(line: str, file: Path) -> tuple[str, str]:
        try:
            kept = json.loads(line)
            return str(kept["at"]), str(kept["note"])
        except (ValueError, KeyError, TypeError):
            raise WitnessDamaged(f"{file}: a line is damaged") from None


def _write_all(handle: int, content: bytes) -> None:
    """Write all of it: a disk that is getting full takes a part first."""
    while content:
        content = content[os.write(handle, content) :]


def _last_lines(file: Path) -> list[str]:
    """Return the last lines of a file; the first of them may lack its beginning."""
    with file.open("rb") as opened:
        opened.seek(max(0, opened.seek(0, os.SEEK_END) - TAIL_BYTES))
        return opened.read().decode(errors="replace").splitlines()


def log_witness() -> Witness:
    """Return the witness that the settings name: an address, or a folder."""
    where = settings.WITNESS
    if isinstance(where, str):
        return _at(where, settings.LOG_ORIGIN, tuple(witness_keys()))
    return _in(where)


_in = cache(FolderWitness)  # the same one each time: it knows what is on the disk


@cache
def _at(address: str, origin: str, keys: tuple[VerifierKey, ...]) -> HttpWitness:
    """Return the same one each time: it keeps its connection."""
    return HttpWitness(address, origin, keys)
