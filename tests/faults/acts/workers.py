"""Workers that die, hang, or are older than the web server."""

from __future__ import annotations

import os
from contextlib import suppress
from signal import SIGCONT, SIGKILL, SIGSTOP

from onelicense.processes import Child
from tests.faults.trial import Trial

KILLS = 5
LEASE_S = 40.0  # longer than any lease
OTHER = "worker_2"
OLD_APP = "tests.faults.old_worker"
UNKNOWN_TO_IT = "cases.certificates_kept"
TRIES_S = 600.0  # longer than all tries of a message together


def kill_pool_children(trial: Trial) -> None:
    """F1: one process of the worker's pool dies, again and again."""
    for _ in range(KILLS):
        trial.wait_a_while(0.05, 0.18)
        children = trial.hall.children_of("worker")
        if children:
            with suppress(ProcessLookupError):
                os.kill(trial.dice.choice(children), SIGKILL)
            trial.ends()


def kill_worker(trial: Trial) -> None:
    """F2: the worker dies with its whole group."""
    trial.wait_a_while(0.3, 0.7)
    trial.hall.kill("worker")
    trial.ends()


def stop_worker_past_its_lease(trial: Trial) -> None:
    """F16: a worker is stopped, another takes over, then the first goes on."""
    hall = trial.hall
    hall.switch("slow", latency_ms=400)
    trial.wait_a_while(0.3, 0.5)
    hall.signal("worker", SIGSTOP)
    _start_other_worker(trial, "onelicense")
    hall.clock.move(LEASE_S)
    trial.ends()
    trial.wait_a_while(0.4, 0.5)
    hall.signal("worker", SIGCONT)
    hall.switch("up", latency_ms=40)
    trial.ends()
    trial.wait_a_while(0.1, 0.2)
    hall.stack.children.pop(OTHER).stop()


def work_with_an_old_worker(trial: Trial) -> None:
    """F17: the worker does not know a task yet; a new one comes and work goes on."""
    hall = trial.hall
    hall.hold("worker")
    _start_other_worker(trial, OLD_APP)
    hall.wait_until(lambda: _unfinished(trial), within_s=60, what="a certificate kept")
    hall.clock.move(TRIES_S)
    hall.wait_until(lambda: _parked(trial), within_s=60, what="a message parked")
    hall.stack.children.pop(OTHER).stop()
    hall.release("worker")
    trial.ends()
    trial.wait_for_clients()
    while _parked(trial):
        told = hall.manage("reissue", "--all")
        trial.expect("reissue" not in told or "rror" not in told, told[-200:])
        trial.wait(1)


def _start_other_worker(trial: Trial, app: str) -> None:
    stack = trial.hall.stack
    model = stack.children.get("worker") or trial.hall.held("worker")
    command = ["other@onelicense" if part.startswith("worker@") else part
               for part in model.command]  # fmt: skip
    command[command.index("-A") + 1] = app
    child = Child(OTHER, command, model.log, stack.environment)
    stack.children[OTHER] = child
    child.start()


def _unfinished(trial: Trial) -> int:
    words = (
        f"SELECT count(*) FROM dispatch_outboxmessage WHERE task = '{UNKNOWN_TO_IT}'"
    )
    return trial.hall.books.count(words)


def _parked(trial: Trial) -> int:
    words = "SELECT count(*) FROM dispatch_outboxmessage WHERE parked_at IS NOT NULL"
    return trial.hall.books.count(words)
