"""What the state machine needs: a catalogue, staff, and companies that qualify."""

from __future__ import annotations

import pytest
from hypothesis import settings as hypothesis_settings

from services.accounts.operations.seed_staff import seed_staff
from tests.clock import NOON

hypothesis_settings.register_profile("short", max_examples=12, stateful_step_count=18)
hypothesis_settings.register_profile("long", max_examples=400, stateful_step_count=40)


@pytest.fixture
def hall(catalogue, settings) -> None:
    """Have a staffed hall whose departments answer at once."""
    settings.TIME_SCALE = 0
    seed_staff(seed=1, now=NOON)
