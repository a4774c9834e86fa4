"""The sequencer's process, killed between every two steps of its work."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection, connections

from services.ledger import note
from services.ledger.check import check_log
from services.ledger.models import Checkpoint, LogEntry, PendingEntries
from services.ledger.operations.sequence import LEASE, sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.signing import log_signer
from services.ledger.witness import log_witness
from tests.clock import NOON
from tests.ledger.test_sequence import leaf_order
from tests.ledger.writing import moved, write

FEWEST_STEPS = 20


def turn(now) -> None:
    """Do what `sequence_log` does once."""
    sequence_pending(now=now, owner=str(os.getpid()))
    sign_newest(signer=log_signer(), witness=log_witness(), now=now)


def dies_before(step: int, work: Callable[[], None]) -> bool:
    """Do work in a process that is killed before one act; False if it ends."""
    for each in connections.all(initialized_only=True):
        each.close()
        if each.vendor == "postgresql":
            each.close_pool()
    child = os.fork()
    if not child:
        _work_and_die(step, work)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, -signal.SIGKILL}
    return code != 0


def _work_and_die(step: int, work: Callable[[], None]) -> None:
    """Number statements, commits and writes to files; die before one of them."""
    steps = count(1)
    write_file, sync, commit = os.write, os.fsync, connection._commit

    def act() -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def write_half(handle: int, data: bytes) -> int:
        half = (len(data) + 1) // 2
        write_file(handle, data[:half])
        act()
        return half

    try:
        os.write = write_half
        os.fsync = lambda handle: (act(), sync(handle))[1]
        connection._commit = lambda: (act(), commit())[1]
        with connection.execute_wrapper(lambda do, *given: (act(), do(*given))[1]):
            work()
    except BaseException as problem:  # noqa: BLE001  nothing may run on as a second pytest
        write_file(sys.__stderr__.fileno(), f"{problem!r}\n".encode())
        os._exit(1)
    os._exit(0)


@pytest.mark.django_db(transaction=True)
def test_killed_between_any_two_steps_it_loses_doubles_and_reorders_nothing():
    log_signer()
    now, died = NOON, 0
    for step in count(1):
        rows = write(*[moved(f"D{step}", code=str(each)) for each in range(130)])
        now += 2 * LEASE
        at = now
        if not dies_before(step, lambda at=at: turn(at)):
            break
        died += 1
        now += 2 * LEASE
        turn(now)

        assert not PendingEntries.objects.exists()
        assert leaf_order()[-130:] == [row.pk for row in rows]
        assert check_log().differences == ()
    order = leaf_order()
    assert order == list(LogEntry.objects.order_by("pk").values_list("pk", flat=True))
    assert died >= FEWEST_STEPS
    newest = Checkpoint.objects.order_by("-size").first()
    stated = note.parse_checkpoint(note.parse_note(log_witness().newest()).text)
    assert stated.size == newest.size == len(order)
