"""The processes around a database: they start, survive each other, and end."""

import os
from pathlib import Path
from signal import SIGKILL

import pytest

from onelicense.processes import Child, ProcessDied
from services.dispatch.models import OutboxMessage, PeriodicWork
from services.dispatch.operations.send import send
from tests.clock import NOON
from tests.stack import until

pytestmark = [pytest.mark.journey]


def outbox_is_empty() -> bool:
    return not OutboxMessage.objects.exists()


def test_a_killed_worker_leaves_its_work_and_the_next_one_does_it(stack):
    until(PeriodicWork.objects.exists)
    stack.kill_worker()

    send("cases.advance", "D-unknown", now=NOON)

    assert not outbox_is_empty()
    stack.start_worker()
    until(outbox_is_empty)


def test_a_killed_process_of_the_pool_is_replaced(stack):
    worker = stack.children["worker"]
    until(lambda: len(worker.offspring()) == 2)
    victim = worker.offspring()[0]

    os.kill(victim, SIGKILL)

    until(lambda: len(set(worker.offspring()) - {victim}) == 2)


def test_two_workers_and_two_beats_stand_beside_each_other(stack):
    stack.launch_beat("beat_2")
    stack.start_worker("worker_2")

    stack.kill_worker()
    send("cases.advance", "D-unknown", now=NOON)

    until(outbox_is_empty)
    assert stack.children["beat_2"].running


def test_what_ended_by_itself_is_started_again(stack):
    stack.children["sequencer"].kill()
    stack.children["broker"].kill()

    assert {"broker", "sequencer"} <= set(stack.restart_dead())

    stack.children["broker"].wait_ready()
    # Celery reconnects, or dies of an error of its own on the way and is started again.
    until(lambda: not stack.restart_dead() and stack.children["worker"].ready())


def test_a_child_that_ends_at_once_is_told_with_its_log(tmp_path):
    command = ["sh", "-c", "echo started; echo no such table"]
    log = tmp_path / "broken.log"
    child = Child("broken", command, log, os.environ, ready=lambda: False)
    child.start()

    with pytest.raises(ProcessDied, match=r"broken ended at once: no such table .see"):
        child.wait_ready()


def test_stopping_a_child_ends_its_whole_group(tmp_path):
    pid_file = tmp_path / "grandchild"
    script = f"sleep 600 & echo $! > {pid_file}; wait"
    child = Child("parent", ["sh", "-c", script], tmp_path / "log", os.environ)
    child.start()
    until(lambda: pid_file.exists() and pid_file.read_text().endswith("\n"))
    grandchild = int(pid_file.read_text())

    child.stop()

    until(lambda: not is_alive(grandchild), within_s=5)


def test_a_polite_end_lets_the_group_finish_what_it_does(tmp_path):
    begun, finished = tmp_path / "begun", tmp_path / "finished"
    work = f"(touch {begun}; read line < {tmp_path}/gate; touch {finished}) & "
    script = f"mkfifo {tmp_path}/gate; trap ':' TERM; {work} wait; echo > "
    script += f"{tmp_path}/gate; wait"
    child = Child("parent", ["sh", "-c", script], tmp_path / "log", os.environ)
    child.start()
    until(begun.exists)

    child.stop()

    assert finished.exists()


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
