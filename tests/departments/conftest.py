"""Departments that answer at once."""

import pytest


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    settings.TIME_SCALE = 0
