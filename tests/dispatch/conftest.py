"""A task that remembers its calls, and a bell that nobody hears."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from celery import current_app

from services.dispatch.operations import ring


class Handler:
    """A task's body: remembers what it was called with, fails when told to."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.poison: set[str] = set()
        self.during: Callable[[], None] = lambda: None

    def __call__(self, *, keys: list[str]) -> None:
        self.calls.append(keys)
        self.during()
        if self.poison & set(keys):
            raise ValueError(f"cannot do {sorted(self.poison & set(keys))}")


@pytest.fixture
def handler() -> Iterator[Handler]:
    """Register the task `test.do`."""
    doing = Handler()

    def do(*, keys: list[str]) -> None:
        doing(keys=keys)

    current_app.task(name="test.do", shared=False)(do)
    yield doing
    current_app.tasks.pop("test.do")


@pytest.fixture
def bells(monkeypatch) -> list[tuple[str, dict[str, str]]]:
    """Hear every bell that reaches the broker."""
    heard: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(
        ring, "_publish", lambda task, arguments: heard.append((task, arguments))
    )
    ring._line.restore()
    return heard
