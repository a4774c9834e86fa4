import threading
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection, transaction

from services.dispatch.models import OutboxMessage
from services.dispatch.operations.claim import LEASE, claim
from services.dispatch.operations.drain import (
    MAX_ATTEMPTS,
    UNKNOWN_TASK,
    WORKER_LOST,
    drain,
)
from services.dispatch.operations.send import Message, send, send_many
from tests.clock import NOON, at
from tests.databases import with_the_worst_plan

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _silent(bells) -> None:
    """No test here is about the bell."""


def post(*keys: str, task: str = "test.do") -> None:
    send_many([Message(task, key) for key in keys], now=NOON)


def left() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("key", flat=True))


@pytest.mark.django_db
class TestDrain:
    def test_calls_a_task_once_with_all_its_keys(self, handler) -> None:
        post("1", "2", "3")
        send("test.do", "2", now=NOON)

        assert drain(clock=at(NOON), owner="w") == 3

        assert handler.calls == [["1", "2", "3"]]
        assert left() == []

    def test_with_nothing_due_it_does_nothing(self, handler) -> None:
        send("test.do", "1", now=NOON, at=NOON + SECOND)

        assert drain(clock=at(NOON), owner="w") == 0
        assert handler.calls == []
        assert drain(clock=at(NOON + SECOND), owner="w") == 1

    def test_takes_no_more_than_its_limit(self, handler) -> None:
        post(*[str(number) for number in range(5)])

        assert drain(clock=at(NOON), owner="w", limit=2) == 2
        assert left() == ["2", "3", "4"]

    def test_claims_no_more_than_its_limit_whatever_the_plan(self) -> None:
        post(*"12345")
        with transaction.atomic():
            with_the_worst_plan()
            claimed = claim(now=NOON, owner="w", attempts=range(1), limit=2)

        assert [message.key for message in claimed] == ["1", "2"]

    def test_rings_for_another_worker_when_there_is_more(
        self, handler, bells, django_capture_on_commit_callbacks
    ) -> None:
        post(*[str(number) for number in range(5)])
        bells.clear()
        with django_capture_on_commit_callbacks(execute=True):
            drain(clock=at(NOON), owner="w", limit=2)

        assert bells == [("dispatch.drain", {})]

    def test_a_later_batch_has_a_whole_lease_before_it(self, handler) -> None:
        post("1")
        now, until = [NOON], []

        def take_long() -> None:
            until.append(OutboxMessage.objects.get().leased_until)
            OutboxMessage.objects.all().delete()
            now[0] += 20 * SECOND
            if len(until) == 1:
                post("2")

        handler.during = take_long
        drain(clock=lambda: now[0], owner="w")

        assert until == [NOON + LEASE, NOON + 20 * SECOND + LEASE]

    def test_a_task_that_is_sent_while_draining_is_delivered_too(self, handler) -> None:
        post("1")
        handler.during = lambda: (
            send("test.do", "2", now=NOON) if len(handler.calls) == 1 else None
        )

        assert drain(clock=at(NOON), owner="w") == 2
        assert handler.calls == [["1"], ["2"]]


@pytest.mark.django_db
class TestPoison:
    def test_one_bad_key_does_not_stop_the_others(self, handler) -> None:
        post("1", "bad", "3")
        handler.poison = {"bad"}

        assert drain(clock=at(NOON), owner="w") == 2

        assert handler.calls == [["1", "3", "bad"], ["1"], ["3"], ["bad"]]
        assert left() == ["bad"]

    def test_a_task_that_this_version_does_not_know_is_parked_at_once(
        self, handler
    ) -> None:
        post("1", "3", task="test.unheard_of")
        post("2")

        assert drain(clock=at(NOON), owner="old") == 1

        assert handler.calls == [["2"]]
        for message in OutboxMessage.objects.all():
            assert message.parked_at == NOON
            assert message.parked_reason == UNKNOWN_TASK
            assert (message.attempts, message.leased_until) == (0, None)

    def test_a_failure_waits_longer_each_time(self, handler) -> None:
        post("bad")
        handler.poison = {"bad"}
        now = NOON
        waits = []
        for _ in range(3):
            drain(clock=at(now), owner="w")
            message = OutboxMessage.objects.get()
            waits.append((message.available_at - now).total_seconds())
            now = message.available_at

        assert waits == [2, 4, 8]

    def test_after_eight_tries_it_is_parked_with_the_reason(self, handler) -> None:
        post("bad")
        handler.poison = {"bad"}
        now = NOON
        for _ in range(20):
            drain(clock=at(now), owner="w")
            now += timedelta(hours=1)

        message = OutboxMessage.objects.get()
        assert len(handler.calls) == MAX_ATTEMPTS == 8
        assert message.parked_at == NOON + timedelta(hours=7)
        assert message.parked_reason == "ValueError: cannot do ['bad']"
        assert message.leased_until is None

    def test_a_database_without_room_parks_nobody(self, handler) -> None:
        post("1")

        def full() -> None:
            raise OperationalError("could not extend file: no space left on device")

        handler.during = full
        now = NOON
        for _ in range(20):
            drain(clock=at(now), owner="w")
            now += timedelta(hours=1)

        message = OutboxMessage.objects.get()
        assert len(handler.calls) == 20
        assert message.parked_at is None
        assert message.attempts == MAX_ATTEMPTS - 1

        handler.during = lambda: None
        assert drain(clock=at(now), owner="w") == 1

    def test_a_fault_that_goes_away_is_forgotten(self, handler) -> None:
        post("bad")
        handler.poison = {"bad"}
        drain(clock=at(NOON), owner="w")
        handler.poison = set()

        assert drain(clock=at(NOON + timedelta(minutes=1)), owner="w") == 1
        assert left() == []

    def test_a_worker_about_to_be_killed_keeps_its_lease(self, handler) -> None:
        post("1")

        def too_long() -> None:
            raise SoftTimeLimitExceeded

        handler.during = too_long
        with pytest.raises(SoftTimeLimitExceeded):
            drain(clock=at(NOON), owner="w")

        assert OutboxMessage.objects.get().leased_until == NOON + LEASE


class Killed(BaseException):
    """What stands for `kill -9`: no code of ours runs after it."""


@pytest.mark.django_db
class TestDeadWorker:
    def die(self) -> None:
        raise Killed

    def test_its_messages_come_back_when_the_lease_runs_out(self, handler) -> None:
        post("1", "2")
        handler.during = self.die
        with pytest.raises(Killed):
            drain(clock=at(NOON), owner="dead")
        handler.during = lambda: None

        assert drain(clock=at(NOON + LEASE - SECOND), owner="w") == 0
        assert drain(clock=at(NOON + LEASE), owner="w") == 2
        assert left() == []

    def test_a_message_that_kills_is_parted_from_its_neighbours_and_parked(
        self, handler
    ) -> None:
        post(*[str(number) for number in range(40)], "killer")

        def die_of_the_killer() -> None:
            if "killer" in handler.calls[-1]:
                raise Killed

        handler.during = die_of_the_killer
        now = NOON
        for _ in range(60):
            try:
                drain(clock=at(now), owner="w")
            except Killed:
                now += LEASE

        message = OutboxMessage.objects.get()
        assert message.key == "killer"
        assert message.parked_reason == WORKER_LOST
        assert message.parked_at is not None

    def test_a_late_worker_whose_lease_was_taken_over_removes_nothing(
        self, handler
    ) -> None:
        post("1")

        def sleep_past_the_lease() -> None:
            handler.during = self.die
            with pytest.raises(Killed):  # the other one has claimed, not finished
                drain(clock=at(NOON + LEASE), owner="other")

        handler.during = sleep_past_the_lease

        assert drain(clock=at(NOON), owner="late") == 0
        message = OutboxMessage.objects.get()
        assert (message.lease_owner, message.fence) == ("other", 2)

    def test_a_late_worker_that_fails_changes_nothing(self, handler) -> None:
        post("1")

        def sleep_past_the_lease_and_fail() -> None:
            handler.during = self.die
            with pytest.raises(Killed):
                drain(clock=at(NOON + LEASE), owner="other")
            raise ValueError

        handler.during = sleep_past_the_lease_and_fail
        drain(clock=at(NOON), owner="late")

        message = OutboxMessage.objects.get()
        assert (message.lease_owner, message.parked_reason) == ("other", "")


@pytest.mark.django_db(transaction=True)
class TestSeveralWorkers:
    def test_every_message_is_delivered_by_one_of_them(self, handler) -> None:
        keys = [str(number) for number in range(120)]
        post(*keys)
        together = threading.Barrier(3)
        done: list[int] = []

        def work(name: str) -> None:
            together.wait(timeout=20)
            while count := drain(clock=at(NOON), owner=name, limit=10):
                done.append(count)
            connection.close()

        workers = [threading.Thread(target=work, args=[n]) for n in "abc"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)

        delivered = [key for call in handler.calls for key in call]
        assert sorted(delivered) == sorted(keys)
        assert sum(done) == 120
        assert left() == []

    def test_the_handler_runs_outside_any_transaction(self, handler) -> None:
        post("1")
        inside: list[bool] = []
        handler.during = lambda: inside.append(connection.in_atomic_block)

        drain(clock=at(NOON), owner="w")

        assert inside == [False]

    def test_a_claimed_message_is_passed_over_not_waited_for(self, handler) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has one writer at a time and no row locks")
        post("1", "2")
        locked, finished = threading.Event(), threading.Event()

        def hold_the_first() -> None:
            with transaction.atomic():
                OutboxMessage.objects.select_for_update().get(key="1")
                locked.set()
                finished.wait(timeout=20)
            connection.close()

        holder = threading.Thread(target=hold_the_first)
        holder.start()
        assert locked.wait(timeout=20)
        assert drain(clock=at(NOON), owner="w") == 1
        finished.set()
        holder.join(timeout=20)

        assert handler.calls == [["2"]]
