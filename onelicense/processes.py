"""One child process: started in a group of its own, ended with everything in it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from onelicense.environment import BASE_DIR

PR_SET_PDEATHSIG = 1
#: Longer than a call to a department may last: what is being done is finished.
PATIENCE_S = 15.0
READY_S = 60.0


class ProcessDied(RuntimeError):
    """A child ended although it should have gone on."""


def _die_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A program, where its output goes, and how one sees that it is ready."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it; Ctrl-C in the terminal does not reach its group."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=BASE_DIR,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  started from the main thread
            )

    def wait_ready(self, *, timeout_s: float = READY_S) -> None:
        """
        Wait until it does its work.

        :raises ProcessDied: if it ends, or is not ready in time.
        """
        deadline = time.monotonic() + timeout_s
        while not self.ready():
            if not self.running:
                raise ProcessDied(f"{self.name} ended at once: {self._last_words()}")
            if time.monotonic() > deadline:
                raise ProcessDied(
                    f"{self.name} not ready in {timeout_s:.0f} s: {self._last_words()}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """End it politely, and after a while its whole group at once."""
        if self.process is None:
            return
        self.ask_to_end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE_S)
        self.kill()

    def ask_to_end(self) -> None:
        """Tell the first of the group alone: it finishes what its own children do."""
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """End the whole group at once, as a crash would."""
        if self.process is None:
            return
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def offspring(self) -> list[int]:
        """Return the processes that it started itself, such as a worker's pool."""
        if self.process is None:
            return []
        pid = self.process.pid
        try:
            text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
        except (FileNotFoundError, ProcessLookupError):
            return []
        return [int(child) for child in text.split()]

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        last = next((line for line in reversed(lines) if line.strip()), "no word")
        return f"{last.strip()} (see {self.log})"

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every process of the group that is left."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
