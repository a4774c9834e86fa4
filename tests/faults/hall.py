"""The whole system on one machine, around databases that can be put back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Any

from celery import Celery

from onelicense.environment import BASE_DIR, celery_broker
from onelicense.processes import Child
from onelicense.stack import Stack, free_port
from tests.faults.checker.books import Books
from tests.faults.clock import Clock
from tests.faults.database import NAMES, Database
from tests.faults.disks import Disk
from tests.faults.files import Files

LOOK_S = 0.05
DEFER_S = 30  # who answers later, answers then
RESTART_PAUSE_S = 2.0  # as the supervisor: what dies at once is not started in a loop
SETTINGS = {
    "SECRET_KEY": "faults",
    "DEBUG": "0",
    "ONELICENSE_DEMO": "1",
    "ONELICENSE_TIME_SCALE": "1",
}


class NotInTime(AssertionError):
    """What was waited for did not come about."""


class Hall:
    """Database, broker, worker, beat, sequencer, departments and web, each killable."""

    def __init__(self, folder: Path, kind: type[Database | Files]) -> None:
        self.folder = folder
        self.disks = {
            "database": Disk(folder / "database", 2048),
            "broker": Disk(folder / "stack" / "broker", 128),
            "log": Disk(folder / "stack" / "log", 64),
        }
        self.witness = folder / "witness"
        self.clock = Clock(folder / "clock")
        self.database = kind(self.disks["database"].folder, self.disks["log"].folder)
        self.environment = _inherited() | SETTINGS | self.clock.environment
        self.environment |= {
            "DATABASE_URL": self.database.url(NAMES[0]),
            "DEPARTMENTS_DATABASE_URL": self.database.url(NAMES[1]),
            "ONELICENSE_UPLOAD_DIR": str(folder / "uploads"),
            "ONELICENSE_LOG_KEY": str(folder / "log-key.pem"),
            "ONELICENSE_WITNESS": str(self.witness),
        }
        self.stack = Stack(folder=folder / "stack", environment=self.environment)
        self._held: dict[str, Child] = {}
        self._restarted: dict[str, float] = {}
        self._filings: list[dict[str, Any]] = []
        self._left: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return self.stack.url

    @property
    def books(self) -> Books:
        return Books(*(self.database.ask(name) for name in NAMES))

    def build(self, *, companies: int) -> None:
        """Make the databases, fill them, and remember them."""
        self.database.start()
        self.database.create()
        file = self.folder / "filings.json"
        command = [sys.executable, "-m", "tests.faults.seed", str(file)]
        command.append(str(companies))
        environment = self.environment | {"PYTHONPATH": str(BASE_DIR)}
        environment["PGOPTIONS"] = "-c synchronous_commit=off"  # for the filling alone
        subprocess.run(command, check=True, cwd=BASE_DIR, env=environment)
        self._filings = json.loads(file.read_text(encoding="utf-8"))
        self._left = list(self._filings)
        self.database.keep_as_template()

    def open(self) -> None:
        """Begin anew: databases as they were built, an empty broker, the real time."""
        self.close()
        self._left = list(self._filings)
        self.clock.begin_anew()
        self.database.begin_anew()
        shutil.rmtree(self.folder / "load", ignore_errors=True)
        shutil.rmtree(self.witness, ignore_errors=True)
        for file in self.disks["broker"].folder.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        self.start()

    def start(self) -> None:
        """Start every process but the database."""
        self.stack.start(web_port=free_port(), departments_port=free_port())

    def close(self) -> None:
        """End every process but the database."""
        for name in list(self._held):
            self.release(name, start=False)
        for name, child in self.stack.children.items():
            if name != "broker":
                child.signal(SIGKILL)
        self.stack.stop()

    def end(self) -> None:
        """End everything."""
        self.close()
        self.database.stop()

    def take(self, count: int, item: str = "") -> list[dict[str, Any]]:
        """Return filings that nobody has made yet, of one item if it is named."""
        fit = [one for one in self._left if item in ("", one["body"]["item"])]
        if len(fit) < count:
            raise ValueError("the city has too few companies for so many filings")
        taken = fit[:count]
        chosen = {id(one) for one in taken}
        self._left = [one for one in self._left if id(one) not in chosen]
        return taken

    def log(self, name: str) -> str:
        """Return what a process has logged."""
        file = self.disks["log"].folder / f"{name}.log"
        return file.read_text(encoding="utf-8", errors="replace")

    def wait(self, seconds: float) -> None:
        """Let time pass; what died meanwhile is started again, as a supervisor does."""
        end = time.monotonic() + seconds
        while True:
            self._restart_dead()
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(LOOK_S, left))

    def wait_until(
        self, holds: Callable[[], object], *, within_s: float, what: str
    ) -> float:
        """
        Wait until something holds; return how many seconds that took.

        :raises NotInTime: naming what did not come about.
        """
        start = time.monotonic()
        while not holds():
            if time.monotonic() - start > within_s:
                raise NotInTime(f"not within {within_s:.0f} s: {what}")
            self.wait(LOOK_S)
        return time.monotonic() - start

    def kill(self, name: str) -> None:
        """Kill a process and its group; it will be started again."""
        self.stack.children[name].kill()

    def hold(self, name: str) -> None:
        """Kill a process and its group, and let it stay dead until released."""
        self._held[name] = self.stack.children.pop(name)
        self._held[name].kill()

    def release(self, name: str, *, start: bool = True) -> None:
        """Start a process that was held back."""
        child = self.stack.children[name] = self._held.pop(name)
        if start:
            if name == "broker":
                self.stack.socket.unlink(missing_ok=True)
            child.start()

    def held(self, name: str) -> Child | None:
        """Return a process that is held back."""
        return self._held.get(name)

    def signal(self, name: str, number: Signals) -> None:
        self.stack.children[name].signal(number)

    def let_work(self, allowed: bool) -> None:
        """Let the worker take messages, or leave them in the broker."""
        broker = celery_broker(self.stack.environment["REDIS_URL"])
        app = Celery(broker=broker, set_as_current=False)
        act = app.control.add_consumer if allowed else app.control.cancel_consumer
        with app.connection_for_write() as connection:
            act("bell", connection=connection)

    def switch(self, mode: str, *codes: str, latency_ms: int | None = None) -> None:
        """Make departments (all, if none is named) behave in another way."""
        later = DEFER_S if mode in ("late", "deferred") else 0
        words = f"UPDATE departments_profile SET mode = '{mode}'"
        words += f", defer_seconds = {later}"
        if latency_ms is not None:
            words += f", latency_ms = {latency_ms}"
        if codes:
            words += f" WHERE department IN ({', '.join(map(repr, codes))})"
        self.database.execute(NAMES[1], words)

    def manage(self, *words: str) -> tuple[int, str]:
        """Run a management command; return its exit code and what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=BASE_DIR, env=self.stack.environment, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def _restart_dead(self) -> None:
        now = time.monotonic()
        for name, child in list(self.stack.children.items()):
            if child.running or now - self._restarted.get(name, 0) < RESTART_PAUSE_S:
                continue
            self._restarted[name] = now
            if name == "broker":
                self.stack.socket.unlink(missing_ok=True)
            child.kill()
            child.start()


def _inherited() -> dict[str, str]:
    ours = ("ONELICENSE_", "DJANGO_", "FAULTS_")
    return {
        name: value
        for name, value in os.environ.items()
        if name != "REDIS_URL" and not name.startswith(ours)
    }


@contextmanager
def running_hall(
    folder: Path, kind: type[Database | Files], *, companies: int
) -> Iterator[Hall]:
    """Build a hall, and leave no process behind."""
    hall = Hall(folder, kind)
    try:
        hall.build(companies=companies)
        yield hall
    finally:
        hall.end()
