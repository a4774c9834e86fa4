"""Commands follow a case while others work; here the work is done in between."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.utils import timezone

from services.cases.operations.carry_on import carry_on
from services.cases.terminal import follow


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """Do a worker's work whenever a command waits for one."""
    settings.TIME_SCALE = 0
    clock = SimpleNamespace(
        sleep=lambda _seconds: carry_on(now=timezone.now()), monotonic=time.monotonic
    )
    monkeypatch.setattr(follow, "time", clock)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no worker, and a clock that makes waiting short."""
    hours = iter(range(0, 10**6, 3600))
    clock = SimpleNamespace(sleep=lambda _seconds: None, monotonic=hours.__next__)
    monkeypatch.setattr(follow, "time", clock)
