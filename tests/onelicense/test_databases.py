"""The databases that tests get."""

import pytest
from django.db import connections

from services.dispatch.models import PeriodicWork
from tests.clock import NOON


@pytest.mark.django_db
def test_both_databases_are_open_to_a_test_that_opens_one():
    for alias in ("default", "departments"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_leaves_nothing_behind(turn):
    assert not PeriodicWork.objects.exists()

    PeriodicWork.objects.create(task="dispatch.drain", due_at=NOON)
