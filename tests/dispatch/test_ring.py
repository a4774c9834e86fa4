import logging
import socket
import time

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from services.dispatch.operations import ring as ringing
from services.dispatch.operations.ring import (
    RINGS_MS,
    SAY_SO_EVERY_S,
    SILENCE_S,
    hear,
    ring,
)


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(ringing, "time", moved)
    return moved


@pytest.fixture
def dead_broker(monkeypatch) -> list[str]:
    tried: list[str] = []

    def fail(task: str, arguments: dict[str, str]) -> None:
        tried.append(task)
        raise OperationalError("connection refused")

    monkeypatch.setattr(ringing, "_publish", fail)
    ringing._line.restore()
    yield tried
    ringing._line.restore()


class Marks(dict):
    """The broker as a store of marks."""

    def set(self, name: str, value: int, *, nx: bool, px: int) -> bool | None:
        assert (nx, px) == (True, RINGS_MS)
        if name in self:
            return None
        self[name] = value
        return True

    def delete(self, name: str) -> None:
        self.pop(name, None)


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, dict[str, str]]]:
    """Send nothing to the broker, but note what is rung there."""
    bells: list[tuple[str, dict[str, str]]] = []
    marks = Marks()
    monkeypatch.setattr(ringing, "_marks", lambda _producer: marks)
    monkeypatch.setattr(
        current_app,
        "send_task",
        lambda task, *, kwargs, **_: bells.append((task, kwargs)),
    )
    ringing._line.restore()
    return bells


@pytest.mark.django_db
class TestRing:
    def test_rings_after_the_commit_and_not_before(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            ring("exchange.serve_department", code="scjg")
            assert bells == []

        assert bells == [("exchange.serve_department", {"code": "scjg"})]

    def test_rings_once_for_equal_bells_of_one_transaction(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            ring("serve", code="scjg")
            ring("serve", code="scjg")
            ring("serve", code="wsjk")
            ring("serve")

        assert bells == [
            ("serve", {"code": "scjg"}),
            ("serve", {"code": "wsjk"}),
            ("serve", {}),
        ]

    def test_a_rolled_back_part_rings_nothing(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            with transaction.atomic():
                ring("lost")
                transaction.set_rollback(True)
            ring("kept")

        assert bells == [("kept", {})]

    def test_a_bell_lost_with_its_part_rings_when_rung_again(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            with transaction.atomic():
                ring("serve")
                transaction.set_rollback(True)
            ring("serve")

        assert bells == [("serve", {})]

    def test_rings_again_for_what_comes_after_a_first_bell(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                ring("serve")

        assert bells == [("serve", {})] * 2


@pytest.mark.django_db(transaction=True)
class TestOutsideATransaction:
    def test_rings_at_once(self, bells) -> None:
        ring("serve")

        assert bells == [("serve", {})]

    def test_a_dead_broker_raises_nothing_and_is_tried_once_in_a_while(
        self, dead_broker, clock
    ) -> None:
        for _ in range(100):
            ring("serve")
        assert dead_broker == ["serve"]

        clock.now += SILENCE_S + 1
        ring("serve")
        assert dead_broker == ["serve", "serve"]

    def test_a_dead_broker_is_named_once_a_minute(
        self, dead_broker, clock, caplog
    ) -> None:
        caplog.set_level(logging.WARNING)
        for _ in range(3):
            ring("serve")
            clock.now += SILENCE_S + 1
        assert len(caplog.records) == 1

        clock.now += SAY_SO_EVERY_S
        ring("serve")
        assert len(caplog.records) == 2

    def test_a_broker_that_accepts_and_says_nothing_holds_nobody_up(
        self, monkeypatch
    ) -> None:
        ringing._line.restore()
        with socket.create_server(("127.0.0.1", 0)) as mute:
            port = mute.getsockname()[1]
            monkeypatch.setattr(
                current_app.conf, "broker_url", f"redis://127.0.0.1:{port}"
            )
            started = time.monotonic()
            for _ in range(20):
                ring("serve")
            waited = time.monotonic() - started
        ringing._line.restore()

        assert waited < 2

    def test_a_broker_that_is_there_gets_the_message(self, monkeypatch) -> None:
        monkeypatch.setattr(current_app.conf, "broker_url", "memory://")
        ringing._line.restore()
        with current_app.connection_for_read() as connection:
            queue = connection.SimpleQueue(current_app.conf.task_default_queue)
            queue.clear()
            ring("serve", code="scjg")

            message = queue.get(timeout=5)

        assert message.headers["task"] == "serve"
        assert message.payload[1] == {"code": "scjg"}


@pytest.mark.django_db(transaction=True)
class TestABellThatRingsAlready:
    def test_is_not_rung_again_until_somebody_hears_it(self, sent) -> None:
        for code in ("scjg", "scjg", "wsjk", "scjg"):
            ring("serve", code=code)
        assert sent == [("serve", {"code": "scjg"}), ("serve", {"code": "wsjk"})]

        hear("serve", {"code": "scjg"})
        for code in ("wsjk", "scjg"):
            ring("serve", code=code)
        assert sent[2:] == [("serve", {"code": "scjg"})]

    def test_is_heard_by_whoever_begins_the_task(self, sent) -> None:
        ring("dispatch.catch_up")

        current_app.tasks["dispatch.catch_up"].apply()
        ring("dispatch.catch_up")

        assert sent == [("dispatch.catch_up", {})] * 2

    def test_is_heard_where_the_broker_is_gone(self, monkeypatch) -> None:
        def gone() -> None:
            raise OperationalError

        monkeypatch.setattr(ringing, "_producer", gone)

        assert hear("serve", {"code": "scjg"}) is None
