"""A worker process leaves alone what was loaded before its first task."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

from onelicense.memory import THRESHOLDS, settle


@pytest.fixture(autouse=True)
def _as_before() -> Generator[None, None, None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_was_loaded_is_not_looked_through_again():
    settle()

    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == THRESHOLDS
