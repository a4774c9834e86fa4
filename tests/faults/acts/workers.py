"""Workers that die, hang, or are older than the web server."""

from __future__ import annotations

import os
from contextlib import suppress
from signal import SIGCONT, SIGKILL, SIGSTOP

from onelicense.processes import Child
from tests.faults.trial import Trial

KILLS = 5
LEASE_S = 40.0  # longer than any lease
OTHER = "other"
OLD = "tests.faults.old_worker"
PARKED = "SELECT count(*) FROM dispatch_outboxmessage WHERE parked_at IS NOT NULL"
TAKEN_BACK_S = 30.0


def kill_pool_children(trial: Trial) -> None:
    """F1: one process of the worker's pool dies, again and again."""
    for _ in range(KILLS):
        trial.wait_a_while(0.05, 0.18)
        children = trial.hall.stack.children["worker"].offspring()
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
    hall, stack = trial.hall, trial.hall.stack
    hall.switch("up", latency_ms=400)
    trial.wait_a_while(0.3, 0.5)
    stack.children["worker"].signal(SIGSTOP)
    stack.launch_worker(OTHER)
    hall.clock.move(LEASE_S)
    trial.ends()
    trial.wait_until_recovered()
    stack.children["worker"].signal(SIGCONT)
    hall.switch("up", latency_ms=40)
    trial.ends()
    trial.wait_until_recovered()
    stack.children.pop(OTHER).stop()


def work_with_an_old_worker(trial: Trial) -> None:
    """F17: the worker does not know a task yet; a new one comes and work goes on."""
    hall = trial.hall
    old = _old_worker(trial)
    hall.hold("worker")
    hall.stack.children[OTHER] = old
    old.start()
    hall.wait_until(lambda: _parked(trial), within_s=60, what="a message parked")
    hall.stack.children.pop(OTHER).stop()
    hall.release("worker")
    trial.ends()
    with suppress(AssertionError):
        hall.wait_until(
            lambda: not _parked(trial), within_s=TAKEN_BACK_S, what="taken back"
        )
    if _parked(trial):
        hall.manage("outbox", "--reissue", "all")


def _old_worker(trial: Trial) -> Child:
    new = trial.hall.stack.children["worker"]
    changed = {"onelicense": OLD, "worker@onelicense": f"{OTHER}@onelicense"}
    command = [changed.get(part, part) for part in new.command]
    return Child(OTHER, command, new.log, new.environment)


def _parked(trial: Trial) -> int:
    return trial.hall.books.count(PARKED)
