"""Workers that die, hang, or are older than the web server."""

from __future__ import annotations

import os
from contextlib import suppress
from signal import SIGCONT, SIGKILL, SIGSTOP

from onelicense.processes import Child
from tests.faults.hall import NotInTime
from tests.faults.trial import Trial

KILLS = 5
LEASE_S = 40.0  # longer than any lease
TRIES = 20  # to stop it while it holds something
IN_HAND_S = 5.0
OTHER = "other"
OLD = "tests.faults.old_worker"
PARKED = "SELECT id FROM dispatch_outboxmessage WHERE parked_at IS NOT NULL ORDER BY id"
REISSUED = "SELECT count(*) FROM ledger_logentry WHERE type = 'message.reissued'"
FENCES = "SELECT id, fence, state FROM exchange_exchange"
LEASED = """
SELECT id, fence, lease_owner FROM exchange_exchange
 WHERE lease_owner <> '' AND settled_at IS NULL
"""
BOTH_WAYS = 2  # messages: one is re-issued, one taken back
TAKEN_BACK_S = 30.0


def kill_pool_children(trial: Trial) -> None:
    """F1: one process of the worker's pool dies, again and again."""
    hall, killed = trial.hall, 0
    while killed < KILLS:
        trial.wait_a_while(0.05, 0.18)
        worker = hall.stack.children["worker"]
        hall.wait_until(
            worker.offspring, within_s=trial.size.patience_s, what="a pool child"
        )
        with suppress(ProcessLookupError):
            os.kill(trial.dice.choice(worker.offspring()), SIGKILL)
            killed += 1
            trial.ends()


def kill_worker(trial: Trial) -> None:
    """F2: the worker dies with its whole group."""
    trial.wait_a_while(0.3, 0.7)
    trial.hall.kill("worker")
    trial.ends()


def stop_worker_past_its_lease(trial: Trial) -> None:
    """
    F16: a worker is stopped with work in hand, another takes over, it goes on.

    What it held must be somebody else's by then, so that its late write meets another
    fence; or nobody's, because the case ended without that answer.
    """
    hall, stack = trial.hall, trial.hall.stack
    hall.switch("up", latency_ms=400)
    trial.wait_a_while(0.3, 0.5)
    held = _stop_with_work_in_hand(trial)
    stack.launch_worker(OTHER)
    hall.clock.move(LEASE_S)
    trial.ends()
    trial.wait_until_recovered()
    stack.children["worker"].signal(SIGCONT)
    hall.switch("up", latency_ms=40)
    trial.ends()
    trial.wait_until_recovered()
    stack.children.pop(OTHER).stop()
    now = {row["id"]: row for row in hall.books.ours(FENCES)}
    same = [
        dict(now[pk])
        for pk, fence in held.items()
        if now[pk]["fence"] <= fence and now[pk]["state"] != "cancelled"
    ]
    trial.expect(not same, f"nobody took over the questions {same} that it held")
    if not held:
        trial.void = "the worker held no question when it was stopped"
    trial.note = f"{len(held)} questions in hand when it was stopped"


def _stop_with_work_in_hand(trial: Trial) -> dict[int, int]:
    """Stop the worker while it holds questions; return their fences."""
    worker = trial.hall.stack.children["worker"]
    pids = {str(pid) for pid in worker.offspring()}
    held: dict[int, int] = {}
    for _ in range(TRIES):
        with suppress(NotInTime):
            trial.hall.wait_until(
                lambda: _held_by(trial, pids), within_s=IN_HAND_S, what="questions"
            )
        worker.signal(SIGSTOP)
        if held := _held_by(trial, pids):
            break
        worker.signal(SIGCONT)
    else:
        worker.signal(SIGSTOP)
    return held


def _held_by(trial: Trial, pids: set[str]) -> dict[int, int]:
    """Return the fences of questions that one of these processes holds."""
    return {
        row["id"]: row["fence"]
        for row in trial.hall.books.ours(LEASED)
        if row["lease_owner"].split(":")[1] in pids
    }


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
    before, logged = _parked(trial), trial.hall.books.count(REISSUED)
    code, said = trial.hall.manage("outbox", "--reissue", str(before[0]))
    trial.expect(code == 0, f"outbox --reissue ended with {code}: {said}")
    trial.expect(_parked(trial) == before[1:], "re-issuing did not unpark one message")
    times = trial.hall.books.count(REISSUED) - logged
    trial.expect(times == 1, f"re-issuing stands in the log {times} times")


def _old_worker(trial: Trial) -> Child:
    new = trial.hall.stack.children["worker"]
    changed = {"onelicense": OLD, "worker@onelicense": f"{OTHER}@onelicense"}
    command = [changed.get(part, part) for part in new.command]
    return Child(OTHER, command, new.log, new.environment)


def _parked(trial: Trial) -> list[int]:
    return [row["id"] for row in trial.hall.books.ours(PARKED)]
