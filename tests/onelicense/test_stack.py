"""The processes around a database: they start, survive each other, and end."""

import os
from pathlib import Path

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


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
