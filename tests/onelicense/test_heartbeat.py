"""Beat goes on whatever is done to the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from celery.beat import Scheduler

from onelicense import heartbeat
from onelicense.celery import app


class Time:
    """A monotonic clock, and a wall clock that somebody moves."""

    def __init__(self) -> None:
        self.passed = heartbeat._begun_s
        self.put = timedelta(0)

    def monotonic(self) -> float:
        return self.passed

    def wall(self) -> datetime:
        return datetime(2026, 11, 23, 12, tzinfo=UTC) + self.put


@pytest.fixture
def time(monkeypatch) -> Time:
    moved = Time()
    monkeypatch.setattr(heartbeat, "time", moved)
    monkeypatch.setattr(app, "now", moved.wall)
    return moved


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(
        Scheduler, "apply_entry", lambda _self, entry, **_: heard.append(entry.task)
    )
    return heard


@pytest.mark.parametrize("put", [timedelta(days=-1), timedelta(hours=9)])
def test_a_second_after_a_clock_was_put_it_ticks_again(time, sent, put):
    beat = Scheduler(app=app)
    time.passed += 1
    beat.tick()
    assert sent == ["dispatch.tick"]

    time.put += put
    assert beat.tick() <= 1
    time.passed += 1
    beat.tick()

    assert sent == ["dispatch.tick"] * 2


def test_it_does_nothing_else(time):
    assert list(Scheduler(app=app).schedule) == ["tick"]


def test_it_keeps_no_file_that_could_break():
    assert app.conf.beat_scheduler == "celery.beat:Scheduler"
