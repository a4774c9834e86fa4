"""What was done already, with the commit that it was done on."""

from __future__ import annotations

import json
import subprocess
import zlib
from collections.abc import Iterable
from dataclasses import asdict

from onelicense.environment import BASE_DIR, VAR
from tests.faults.trial import Fault, Result, Size

FOLDER = VAR / "faults"


class State:
    """Results by fault and repetition; those of another commit do not count."""

    def __init__(self, *, short: bool, fresh: bool, size: Size) -> None:
        self._file = FOLDER / ("short.json" if short else "long.json")
        self.commit = _commit()
        self._about = {"commit": self.commit, **asdict(size)}
        self._results: dict[str, Result] = {}
        if not fresh and self._file.exists():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            if kept["about"] == self._about:
                self._results = {
                    name: Result(**values) for name, values in kept["results"].items()
                }

    def has(self, code: str, number: int) -> bool:
        return f"{code}/{number}" in self._results

    def seed(self, code: str, number: int) -> int:
        """Return the seed of a repetition: the same for everybody."""
        return zlib.crc32(f"{code}/{number}".encode())

    def keep(self, code: str, number: object, result: Result) -> None:
        """Note a result at once; a run may be stopped at any time."""
        self._results[f"{code}/{number}"] = result
        FOLDER.mkdir(parents=True, exist_ok=True)
        kept = {name: asdict(one) for name, one in self._results.items()}
        text = json.dumps({"about": self._about, "results": kept}, indent=1)
        new = self._file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self._file)

    def of(self, faults: Iterable[Fault]) -> list[tuple[Fault, list[Result]]]:
        """Return the results of each fault."""
        return [
            (
                fault,
                [
                    result
                    for name, result in self._results.items()
                    if name.partition("/")[0] == fault.code
                ],
            )
            for fault in faults
        ]


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, check=False)
    return done.stdout.decode().strip() or "unknown"
