"""What was done already, each repetition with the commit that it was done on."""

from __future__ import annotations

import hashlib
import inspect
import json
import subprocess
import zlib
from collections.abc import Iterable
from dataclasses import asdict

from onelicense.environment import BASE_DIR, VAR
from tests.faults.trial import Fault, Result, Size

FOLDER = VAR / "faults"


class State:
    """
    Results by fault and repetition.

    They count as long as the load and the fault itself are what they were; which
    version they are of stands in each.
    """

    def __init__(self, *, size: Size) -> None:
        self._file = FOLDER / ("short.json" if size.short else "long.json")
        self._size = json.dumps(asdict(size), sort_keys=True)
        self.commit = _commit()
        self._results: dict[str, Result] = {}
        if self._file.exists():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self._results = {name: Result(**values) for name, values in kept.items()}

    def forget(self, faults: Iterable[Fault]) -> None:
        """Begin anew with these faults."""
        codes = {fault.code for fault in faults}
        self._results = {
            name: result
            for name, result in self._results.items()
            if name.partition("/")[0] not in codes
        }

    def has(self, fault: Fault, number: int) -> bool:
        """Tell whether a repetition was done; one that showed nothing was not."""
        done = self._results.get(self._name(fault, number))
        return done is not None and done.proves

    def seed(self, code: str, number: int) -> int:
        """Return the seed of a repetition: the same for everybody."""
        return zlib.crc32(f"{code}/{number}".encode())

    def keep(self, fault: Fault, number: object, result: Result) -> None:
        """Note a result at once; a run may be stopped at any time."""
        result.commit = self.commit
        self._results[self._name(fault, number)] = result
        FOLDER.mkdir(parents=True, exist_ok=True)
        kept = {name: asdict(one) for name, one in self._results.items()}
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        new.replace(self._file)

    def of(self, faults: Iterable[Fault]) -> list[tuple[Fault, list[Result]]]:
        """Return the results of each fault as it is now."""
        return [
            (
                fault,
                [
                    result
                    for name, result in self._results.items()
                    if name.startswith(self._name(fault, ""))
                ],
            )
            for fault in faults
        ]

    def _name(self, fault: Fault, number: object) -> str:
        """Name a repetition by what is done in it, and under which load."""
        module = inspect.getmodule(fault.act)
        assert module is not None
        about = [self._size, fault.what, str(fault.longer), inspect.getsource(module)]
        digest = hashlib.sha256("\n".join(about).encode()).hexdigest()[:12]
        return f"{fault.code}/{digest}/{number}"


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, check=False)
    return done.stdout.decode().strip() or "unknown"
