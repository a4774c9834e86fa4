import threading
from datetime import timedelta

import pytest
from django.db import connection

from services.dispatch import periodic, tasks
from services.dispatch.models import OutboxMessage, PeriodicWork
from services.dispatch.operations import tick as ticking
from services.dispatch.operations.send import send
from services.dispatch.operations.tick import tick
from services.dispatch.periodic import register_periodic
from tests.clock import NOON


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
            tick(now=NOON + timedelta(seconds=seconds), owner="w")

        assert sorted(rung) == ["t.report", "t.sweep", "t.sweep", "t.sweep"]

    def test_a_second_tick_at_the_same_time_rings_nothing(self, rung) -> None:
        assert tick(now=NOON, owner="one") == 1
        assert tick(now=NOON, owner="two") == 0

        assert rung == ["t.sweep"]

    def test_two_ticks_that_saw_the_same_work_due_ring_once(
        self, rung, monkeypatch
    ) -> None:
        tick(now=NOON - timedelta(minutes=1), owner="before")
        rung.clear()
        saw = PeriodicWork.objects.filter
        others: list[int] = []

        def filter_while_the_other_ticks(*arguments, **options):
            if "due_at" in options and not others:
                others.append(0)
                others[0] = tick(now=NOON, owner="other")
            return saw(*arguments, **options)

        monkeypatch.setattr(
            PeriodicWork.objects, "filter", filter_while_the_other_ticks
        )

        assert tick(now=NOON, owner="w") + others[0] == 1
        assert rung == ["t.sweep"]

    def test_missed_times_are_not_made_up_for(self, rung) -> None:
        tick(now=NOON, owner="w")
        late = NOON + timedelta(hours=1)
        tick(now=late, owner="w")
        tick(now=late, owner="w")

        assert rung == ["t.sweep"] * 2
        assert PeriodicWork.objects.get().due_at == late + timedelta(seconds=10)

    def test_work_that_nobody_registers_any_more_is_left_alone(self, rung) -> None:
        PeriodicWork.objects.create(task="t.gone", due_at=NOON)

        tick(now=NOON, owner="w")

        assert rung == ["t.sweep"]

    def test_delivers_what_no_bell_announced(self, rung, handler, bells) -> None:
        send("test.do", "1", now=NOON)

        tick(now=NOON, owner="w")

        assert handler.calls == [["1"]]


@pytest.mark.django_db(transaction=True)
class TestTwoBeats:
    def test_ring_once(self, rung) -> None:
        together = threading.Barrier(2)

        def beat() -> None:
            together.wait(timeout=20)
            tick(now=NOON, owner="w")
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
