"""The clock that all processes of a hall share; it can be moved."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent


class Clock:
    """The application's time: real time and an offset that stands in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.begin_anew()

    @property
    def offset_s(self) -> float:
        return float(self.file.read_text())

    @property
    def environment(self) -> dict[str, str]:
        """Return what makes a process read this clock."""
        return {"FAULTS_CLOCK": str(self.file), "PYTHONPATH": str(FOLDER)}

    def begin_anew(self) -> None:
        """Show the real time again."""
        #: How far it was put back and on from the real time, in seconds.
        self.back_s = self.on_s = 0.0
        self._write(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)

    def move(self, seconds: float) -> None:
        """Move the clock on, or back."""
        self._write(self.offset_s + seconds)

    def move_to(self, instant: datetime) -> None:
        self._write(instant.timestamp() - time.time())

    def _write(self, seconds: float) -> None:
        """Replace the file at once: nobody reads half a number."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:.3f}")
        new.replace(self.file)
        self.back_s = min(self.back_s, seconds)
        self.on_s = max(self.on_s, seconds)
