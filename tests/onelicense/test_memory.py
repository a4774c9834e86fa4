"""A worker process leaves alone what was loaded before its first task."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest
from celery import signals

from onelicense.memory import THRESHOLDS, settle


@pytest.fixture(autouse=True)
def _as_before() -> Generator[None, None, None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_every_worker_process_begins_so():
    import onelicense.celery  # noqa: F401  connects what a worker process begins with

    begun_with = signals.worker_process_init._live_receivers(None)

    assert settle in begun_with


def test_what_was_loaded_is_not_looked_through_again():
    settle()

    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == THRESHOLDS
