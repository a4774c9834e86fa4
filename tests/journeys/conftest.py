"""A hall at work: a small city, its staff, and every process around them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from onelicense.stack import Stack
from services.accounts.operations.seed_staff import seed_staff
from services.departments.city.build import build_city

COMPANIES = 12  # the cast of the demo, and a few more
SEED = 7


@pytest.fixture
def hall(catalogue, stack: Stack) -> Stack:
    """Have broker, worker, beat and sequencer at work for a small city."""
    seed_staff(seed=SEED, now=timezone.now())
    build_city(companies=COMPANIES, seed=SEED, as_of=timezone.localdate())
    return stack
