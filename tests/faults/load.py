"""Filings from eight clients at a steady rate, and what they know afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.client import Client

CLIENTS = 8
CLIENT = Path(__file__).parent / "client.py"


@dataclass
class Journal:
    """What all clients wrote down, in the order of time."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def which(self, what: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["what"] == what]


def read_journal(folder: Path) -> Journal:
    """Read every client's journal; a line that was cut off is none."""
    lines = []
    for file in sorted(folder.glob("*.journal")):
        whole, _, _ = file.read_text(encoding="utf-8").rpartition("\n")
        lines += [json.loads(text) for text in whole.splitlines()]
    return Journal(sorted(lines, key=lambda line: line["at"]))


class Load:
    """The clients of one run, each a process of its own."""

    def __init__(self, folder: Path, url: str, *, patience_s: float) -> None:
        self.folder = folder
        self._plan = {"url": url, "patience_s": patience_s}
        self._clients: list[subprocess.Popen[bytes]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def start(
        self, filings: list[dict[str, Any]], *, name: str, per_second: float
    ) -> None:
        """Let the clients begin: so many filings a second over all of them."""
        timed = [
            {"key": f"{name}-{n}", **filing, "at_s": n / per_second}
            for n, filing in enumerate(filings)
        ]
        for n in range(CLIENTS):
            mine = timed[n::CLIENTS]
            if mine:
                self._start_client(f"{name}-{n}", mine)

    def start_together(self, filings: list[dict[str, Any]], *, name: str) -> None:
        """Send all filings of one company at once."""
        journal = self.folder / f"{name}.sign-in"
        token = Client(str(self._plan["url"]), journal).sign_in(filings[0]["uscc"])
        signed = [{**filing, "at_s": 0.0, "token": token} for filing in filings]
        self._start_client(name, signed, together=True)

    @property
    def journal(self) -> Journal:
        return read_journal(self.folder)

    @property
    def running(self) -> bool:
        return any(client.poll() is None for client in self._clients)

    def stop(self) -> None:
        """End what still runs; what a client wrote stays."""
        for client in self._clients:
            if client.poll() is None:
                client.kill()
            client.wait()
        self._clients.clear()

    def _start_client(
        self, name: str, filings: list[dict[str, Any]], *, together: bool = False
    ) -> None:
        plan = self.folder / f"{name}.plan"
        words = {**self._plan, "filings": filings, "together": together}
        plan.write_text(json.dumps(words))
        journal = self.folder / f"{name}.journal"
        client = subprocess.Popen(
            [sys.executable, str(CLIENT), str(plan), str(journal)]
        )
        self._clients.append(client)
