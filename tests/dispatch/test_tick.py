import threading
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.dispatch import periodic, tasks
from services.dispatch.models import OutboxMessage, PeriodicWork
from services.dispatch.operations import tick as ticking
from services.dispatch.operations.claim import SKEW
from services.dispatch.operations.send import send
from services.dispatch.operations.tick import tick
from services.dispatch.periodic import register_periodic
from tests.clock import NOON, at

PERIOD = timedelta(seconds=10)


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    monkeypatch.setattr(periodic, "_registered", {})
    register_periodic("t.sweep", every_seconds=10)
    heard: list[str] = []
    monkeypatch.setattr(ticking, "ring", heard.append)
    return heard


@pytest.mark.django_db
class TestTick:
    def test_rings_for_periodic_work_when_it_is_due(self, rung) -> None:
        register_periodic("t.report", every_seconds=3_600)
        for seconds in (0, 1, 9, 10, 19, 20):
            tick(clock=at(NOON + timedelta(seconds=seconds)), owner="w")

        assert sorted(rung) == ["t.report", "t.sweep", "t.sweep", "t.sweep"]

    def test_a_second_tick_at_the_same_time_rings_nothing(self, rung) -> None:
        assert tick(clock=at(NOON), owner="one") == 1
        assert tick(clock=at(NOON), owner="two") == 0

        assert rung == ["t.sweep"]

    def test_two_ticks_that_saw_the_same_work_due_ring_once(
        self, rung, monkeypatch
    ) -> None:
        tick(clock=at(NOON - timedelta(minutes=1)), owner="before")
        rung.clear()
        saw = PeriodicWork.objects.filter
        others: list[int] = []

        def filter_while_the_other_ticks(*arguments, **options):
            if "due_at" in options and not others:
                others.append(0)
                others[0] = tick(clock=at(NOON), owner="other")
            return saw(*arguments, **options)

        monkeypatch.setattr(
            PeriodicWork.objects, "filter", filter_while_the_other_ticks
        )

        assert tick(clock=at(NOON), owner="w") + others[0] == 1
        assert rung == ["t.sweep"]

    def test_missed_times_are_not_made_up_for(self, rung) -> None:
        tick(clock=at(NOON), owner="w")
        late = NOON + timedelta(hours=1)
        tick(clock=at(late), owner="w")
        tick(clock=at(late), owner="w")

        assert rung == ["t.sweep"] * 2
        assert PeriodicWork.objects.get().due_at == late + timedelta(seconds=10)

    def test_a_clock_put_back_by_a_day_holds_nothing_up(self, rung) -> None:
        tick(clock=at(NOON + timedelta(days=1)), owner="w")

        assert tick(clock=at(NOON), owner="w") == 1
        assert tick(clock=at(NOON + timedelta(seconds=9)), owner="w") == 0
        assert tick(clock=at(NOON + timedelta(seconds=10)), owner="w") == 1

    def test_a_beat_that_is_a_little_behind_the_other_rings_nothing(self, rung) -> None:
        tick(clock=at(NOON + SKEW), owner="ahead")

        assert tick(clock=at(NOON), owner="behind") == 0

    def test_work_that_nobody_registers_any_more_is_left_alone(self, rung) -> None:
        PeriodicWork.objects.create(task="t.gone", due_at=NOON)

        tick(clock=at(NOON), owner="w")

        assert rung == ["t.sweep"]

    def test_delivers_what_no_bell_announced(self, rung, handler, bells) -> None:
        send("test.do", "1", now=NOON)

        tick(clock=at(NOON), owner="w")

        assert handler.calls == [["1"]]


@pytest.mark.django_db
class TestAnyClock:
    @settings(
        max_examples=60,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(steps=st.lists(st.integers(-90_000, 90_000) | st.just(0), max_size=12))
    def test_no_tick_leaves_work_due_in_the_far_future(self, rung, steps) -> None:
        PeriodicWork.objects.all().delete()
        now = NOON
        for step in steps:
            now += timedelta(seconds=step)
            before = PeriodicWork.objects.first()
            rings = tick(clock=at(now), owner="w")
            again = tick(clock=at(now), owner="other beat")

            due_at = PeriodicWork.objects.get().due_at
            waited = before and now < before.due_at <= now + PERIOD + SKEW
            assert (rings, again) == (0 if waited else 1, 0)
            assert now < due_at <= now + PERIOD + SKEW


@pytest.mark.django_db(transaction=True)
class TestTwoBeats:
    def test_ring_once(self, rung) -> None:
        together = threading.Barrier(2)

        def beat() -> None:
            together.wait(timeout=20)
            tick(clock=at(NOON), owner="w")
            connection.close()

        beats = [threading.Thread(target=beat) for _ in range(2)]
        for each in beats:
            each.start()
        for each in beats:
            each.join(timeout=30)

        assert rung == ["t.sweep"]


@pytest.mark.django_db
class TestTasks:
    def test_the_doors_do_what_they_say(self, handler, bells) -> None:
        send("test.do", "1", now=NOON)
        tasks.drain()
        send("test.do", "2", now=NOON)
        tasks.tick()

        assert handler.calls == [["1"], ["2"]]
        assert not OutboxMessage.objects.exists()

    def test_their_names_are_those_that_bells_and_beat_use(self) -> None:
        assert tasks.drain.name == "dispatch.drain"
        assert tasks.tick.name == "dispatch.tick"
