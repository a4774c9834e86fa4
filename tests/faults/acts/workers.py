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
PARKED = "SELECT id FROM dispatch_outboxmessage WHERE parked_at IS NOT NULL ORDER BY id"
REISSUED = "SELECT count(*) FROM ledger_logentry WHERE type = 'message.reissued'"
BOTH_WAYS = 2  # messages: one is re-issued, one taken back
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
    """
    F17: the worker does not know a task yet, and parks its messages.

    One is re-issued by hand while no worker is there; the others are taken back by
    the new worker itself.
    """
    hall = trial.hall
    old = _old_worker(trial)
    hall.hold("worker")
    hall.stack.children[OTHER] = old
    old.start()
    hall.wait_until(
        lambda: len(_parked(trial)) >= BOTH_WAYS, within_s=60, what="messages parked"
    )
    hall.stack.children.pop(OTHER).stop()
    _reissue_one(trial)
    others = len(_parked(trial))
    hall.release("worker")
    trial.ends()
    hall.wait_until(
        lambda: not _parked(trial), within_s=TAKEN_BACK_S, what="taken back"
    )
    trial.note = f"1 message re-issued by hand, {others} taken back by the new worker"


def _reissue_one(trial: Trial) -> None:
    """Try one parked message again, as an operator does; nobody else is parked less."""
    before = _parked(trial)
    code, said = trial.hall.manage("outbox", "--reissue", str(before[0]))
    trial.expect(code == 0, f"outbox --reissue ended with {code}: {said}")
    trial.expect(_parked(trial) == before[1:], "re-issuing did not unpark one message")
    logged = trial.hall.books.count(REISSUED)
    trial.expect(logged == 1, f"re-issuing stands in the log {logged} times")


def _old_worker(trial: Trial) -> Child:
    new = trial.hall.stack.children["worker"]
    changed = {"onelicense": OLD, "worker@onelicense": f"{OTHER}@onelicense"}
    command = [changed.get(part, part) for part in new.command]
    return Child(OTHER, command, new.log, new.environment)


def _parked(trial: Trial) -> list[int]:
    return [row["id"] for row in trial.hall.books.ours(PARKED)]
