"""One pool per process: whoever forks shares no connection with its child."""

import os
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections

from onelicense import environment as env
from onelicense.celery import app
from services.dispatch.operations import claim as dispatch
from services.exchange import claim as exchange


@pytest.fixture(autouse=True)
def _pool(transactional_db) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no pool")


def backend() -> int:
    """Return the server's process that speaks to us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def backends() -> set[int]:
    """Return all the server's processes, ours among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return {pid for (pid,) in cursor.fetchall()}


def in_a_fork(work) -> str:
    """Return what a forked process says, or why it fell."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = str(work())
        except BaseException as failure:  # noqa: BLE001  tell, and leave without pytest
            said = repr(failure)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


class TestFork:
    def test_a_child_speaks_to_a_server_of_its_own(self) -> None:
        ours = backend()

        theirs = int(in_a_fork(backend))

        assert theirs != ours

    def test_the_parents_connection_outlives_its_child(self) -> None:
        ours = backend()

        in_a_fork(connections.close_all)

        assert backend() == ours

    def test_a_child_has_a_pool_of_its_own(self) -> None:
        backend()
        ours = id(connection.pool)

        assert in_a_fork(lambda: backend() and id(connection.pool) != ours) == "True"

    def test_what_lies_in_the_pool_is_not_the_childs_either(self) -> None:
        known = backends()
        connection.close()

        assert int(in_a_fork(backend)) not in known
        assert backend() in known


class TestPool:
    def test_a_closed_connection_goes_back_and_is_taken_again(self) -> None:
        known = backends()
        connection.close()

        assert backend() in known

    def test_a_task_of_a_worker_does_not_close_it_under_other_threads(self) -> None:
        from celery.fixups.django import DjangoWorkerFixup

        class Worker:
            pool_cls = "celery.concurrency.prefork:TaskPool"

        fixup = DjangoWorkerFixup(app)
        fixup.worker = Worker()
        backend()
        pool = connection.pool

        fixup._close_database()

        assert not pool.closed
        assert connection.pool is pool

    def test_who_sleeps_in_a_transaction_loses_it_before_its_lease_ends(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("15s",)

        assert timedelta(seconds=15) < min(dispatch.LEASE, exchange.LEASE)

    def test_many_threads_share_few_connections(self) -> None:
        heard: set[int] = set()
        together = threading.Barrier(4 * env.POOL["max_size"])

        def speak() -> None:
            together.wait(timeout=20)
            heard.add(backend())
            connection.close()

        threads = [threading.Thread(target=speak) for _ in range(together.parties)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=30)

        assert 1 <= len(heard) <= env.POOL["max_size"]

    def test_both_databases_have_one(self) -> None:
        pools = [each["OPTIONS"]["pool"] for each in settings.DATABASES.values()]

        assert pools == [env.POOL] * 2
