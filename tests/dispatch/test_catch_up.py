"""What stands without a reason goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.dispatch import tasks
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.catch_up import LONGEST_WAIT, catch_up
from services.dispatch.operations.claim import LEASE, SKEW
from services.dispatch.operations.drain import UNKNOWN_TASK, drain
from services.dispatch.operations.reissue import reissue
from services.dispatch.operations.send import send
from services.dispatch.periodic import periodic_work
from tests.clock import NOON, at
from tests.dispatch.test_reissue import OPERATOR

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silent(bells) -> None:
    """No test here is about the bell."""


class Killed(BaseException):
    """What stands for `kill -9`."""


def in_a_lease(handler) -> None:
    """Have somebody claim what is due tomorrow at noon, and die."""

    def die() -> None:
        raise Killed

    handler.during = die
    with pytest.raises(Killed):
        drain(clock=at(NOON + DAY), owner="tomorrow")
    handler.during = lambda: None


class TestClockPutBack:
    def test_a_message_sent_tomorrow_is_done_today(self, handler) -> None:
        send("test.do", "1", now=NOON + DAY)
        assert drain(clock=at(NOON), owner="w") == 0

        assert catch_up(now=NOON) == 1

        assert drain(clock=at(NOON), owner="w") == 1

    def test_a_lease_taken_tomorrow_ends_today(self, handler) -> None:
        send("test.do", "1", now=NOON)
        in_a_lease(handler)

        assert catch_up(now=NOON) == 1

        assert drain(clock=at(NOON), owner="w") == 1

    def test_the_one_who_took_it_may_still_finish(self, handler) -> None:
        send("test.do", "1", now=NOON + DAY)
        handler.during = lambda: catch_up(now=NOON) and None

        assert drain(clock=at(NOON + DAY), owner="w") == 1

    def test_a_next_try_of_tomorrow_comes_today(self, handler) -> None:
        send("test.do", "bad", now=NOON)
        handler.poison = {"bad"}
        drain(clock=at(NOON + DAY), owner="w")
        handler.poison = set()

        assert catch_up(now=NOON) == 1

        assert drain(clock=at(NOON), owner="w") == 1

    def test_what_was_reissued_tomorrow_is_done_today(self, handler) -> None:
        send("test.do", "1", now=NOON)
        OutboxMessage.objects.update(parked_at=NOON, parked_reason="broken")
        parked = OutboxMessage.objects.get()
        reissue(messages=[parked.pk], actor=OPERATOR, now=NOON + DAY)

        assert drain(clock=at(NOON), owner="w") == 1


class TestWhatRunsAsItShould:
    def test_is_left_alone(self, handler) -> None:
        send("test.do", "at its time", now=NOON + SKEW, at=NOON + 9 * DAY)
        OutboxMessage.objects.create(
            task="test.do",
            key="tried",
            created_at=NOON,
            available_at=NOON + LONGEST_WAIT + SKEW,
            attempts=7,
        )
        OutboxMessage.objects.create(
            task="test.do",
            key="in hand",
            created_at=NOON,
            available_at=NOON,
            leased_until=NOON + LEASE + SKEW,
        )
        before = list(OutboxMessage.objects.order_by("pk").values())

        assert catch_up(now=NOON) == 0

        assert list(OutboxMessage.objects.order_by("pk").values()) == before

    def test_rings_only_when_there_is_something_to_do(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            catch_up(now=NOON)
        assert bells == []

        send("test.do", "1", now=NOON + DAY)
        with django_capture_on_commit_callbacks(execute=True):
            catch_up(now=NOON)
        assert bells == [("dispatch.drain", {})]


class TestOldWorkerBesideNewWeb:
    def test_what_it_did_not_know_goes_on_with_one_who_does(self, handler) -> None:
        send("test.do", "1", now=NOON)
        OutboxMessage.objects.update(parked_at=NOON, parked_reason=UNKNOWN_TASK)

        assert catch_up(now=NOON + SECOND) == 1

        assert drain(clock=at(NOON + SECOND), owner="new") == 1
        assert handler.calls == [["1"]]

    def test_one_who_does_not_know_it_either_leaves_it_parked(self, handler) -> None:
        send("test.unheard_of", "1", now=NOON)
        drain(clock=at(NOON), owner="old")

        assert catch_up(now=NOON + SECOND) == 0

        assert OutboxMessage.objects.get().parked_reason == UNKNOWN_TASK

    def test_what_was_parked_for_a_failure_stays_parked(self, handler) -> None:
        send("test.do", "1", now=NOON)
        OutboxMessage.objects.update(parked_at=NOON, parked_reason="ValueError: no")

        assert catch_up(now=NOON + SECOND) == 0


def test_it_comes_back_every_few_seconds(handler) -> None:
    assert periodic_work()[tasks.catch_up.name] <= timedelta(seconds=10)

    send("test.do", "1", now=NOON + 9_999 * DAY)
    tasks.catch_up()

    assert drain(clock=at(NOON + 9_998 * DAY), owner="w") == 1
