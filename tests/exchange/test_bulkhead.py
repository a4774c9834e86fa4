"""Threads that wait for departments."""

from threading import Event, get_ident

import pytest
from django.db import connections

from services.exchange import bulkhead
from services.exchange.bulkhead import ALONE, Bulkhead, close_pool, hand_over, open_pool

PATIENCE = 20  # seconds, for a machine with much to do


@pytest.fixture
def pool():
    made = Bulkhead(threads=4, each=2)
    yield made
    made.close(within_s=PATIENCE)


class Stay:
    """Work that says when it has begun and ends when it may."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.ended = Event(), Event(), Event()
        self.manners = []

    def __call__(self, manners) -> None:
        self.manners.append(manners)
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        self.ended.set()


class TestPool:
    def test_does_work_elsewhere_and_returns_at_once(self, pool):
        threads, stay = [], Stay()

        assert pool.submit("a", stay)
        assert pool.submit("b", lambda _: threads.append(get_ident()))

        assert stay.begun.wait(PATIENCE)
        assert not stay.ended.is_set()
        stay.may_end.set()
        assert pool.close(within_s=PATIENCE) == 0
        assert threads != [get_ident()]

    def test_gives_each_name_its_few_places(self, pool):
        stays = [Stay(), Stay()]
        assert all(pool.submit("slow", one) for one in stays)
        quick = Stay()
        quick.may_end.set()

        assert not pool.submit("slow", Stay())
        assert pool.submit("other", quick)

        assert quick.ended.wait(PATIENCE)
        for one in stays:
            one.may_end.set()

    def test_looks_once_more_for_who_came_when_all_places_were_taken(self, pool):
        again, stay = Event(), Stay()

        def work(manners):
            if stay.ended.is_set():
                again.set()
            else:
                stay(manners)

        other = Stay()
        pool.submit("a", work)
        pool.submit("a", other)
        assert stay.begun.wait(PATIENCE)
        assert not pool.submit("a", Stay())
        stay.may_end.set()

        assert again.wait(PATIENCE)
        other.may_end.set()

    def test_gives_connections_back_after_work_that_fails_too(self, pool, monkeypatch):
        closed = []
        monkeypatch.setattr(connections, "close_all", lambda: closed.append(1))

        def fail(_):
            raise RuntimeError

        pool.submit("a", fail)
        pool.submit("b", lambda _: None)

        assert pool.close(within_s=PATIENCE) == 0
        assert len(closed) == 2

    def test_survives_work_that_fails(self, pool, caplog):
        def fail(_):
            raise RuntimeError

        for _ in range(3):
            pool.submit("a", fail)
        assert pool.close(within_s=PATIENCE) == 0

        assert "work for a failed" in caplog.text


class TestClosing:
    def test_waits_for_what_is_under_way_and_takes_nothing_new(self, pool):
        stay = Stay()
        pool.submit("a", stay)
        assert stay.begun.wait(PATIENCE)

        assert pool.close(within_s=0.01) == 1

        assert not stay.manners[0].may_go_on()
        assert not pool.submit("b", Stay())
        stay.may_end.set()
        assert pool.close(within_s=PATIENCE) == 0

    def test_drops_what_has_not_begun(self):
        pool = Bulkhead(threads=1, each=1)
        stay, late = Stay(), Stay()
        pool.submit("a", stay)
        assert stay.begun.wait(PATIENCE)
        pool.submit("b", late)

        pool.close(within_s=0)
        stay.may_end.set()

        assert stay.ended.wait(PATIENCE)
        assert not late.begun.is_set()


class TestHandOver:
    def test_without_threads_the_work_is_done_here_and_now(self):
        manners = []

        assert hand_over("a", manners.append)

        assert manners == [ALONE]
        assert ALONE.may_go_on()

    def test_with_threads_it_is_done_there(self):
        threads = []
        open_pool(each=1)

        assert hand_over("a", lambda _: threads.append(get_ident()))
        assert close_pool(within_s=PATIENCE) == 0

        assert threads != [get_ident()]
        assert bulkhead._pool is None
        assert close_pool(within_s=0) == 0
