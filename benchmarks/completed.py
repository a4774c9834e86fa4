"""Waiting cases of four verifications completed per second, against Celery chords."""

from __future__ import annotations

from benchmarks.companies import Applicant
from benchmarks.filed import UNIT
from benchmarks.pile import Pile
from benchmarks.report import Result, result
from benchmarks.rival import Chords


class Completed:
    """Runs of ours and of the rival, in turn."""

    def __init__(self, pile: Pile, chords: Chords) -> None:
        self._pile = pile
        self._chords = chords
        self._runs: list[tuple[float, float]] = []

    def run(self, applicants: list[Applicant]) -> None:
        """Measure one round."""
        rate = self._pile.run(applicants)
        self._runs.append((rate, self._chords.piled(len(applicants))))

    def result(self) -> Result:
        """Check every case that was completed, and return the result."""
        checked = self._pile.check()
        return result("completed", pairs=self._runs, unit=UNIT, checked=checked)
