"""Plain statements mean the same on both databases."""

from __future__ import annotations

import pytest
from django.db import connection

from services.common.statements import change, fetch, for_update, places
from services.dispatch.models import PeriodicWork
from tests.clock import NOON

MOVE = "UPDATE dispatch_periodicwork SET due_at = %s WHERE task = %s"


@pytest.mark.django_db
class TestStatements:
    def test_a_change_stores_times_as_the_orm_does_and_counts_rows(self):
        PeriodicWork.objects.create(task="sweep", due_at=NOON.replace(year=2000))

        assert change(connection, MOVE, [NOON, "sweep"]) == 1
        assert change(connection, MOVE, [NOON, "nobody"]) == 0
        assert PeriodicWork.objects.get(task="sweep").due_at == NOON

    def test_fetches_what_one_of_many_values_names(self):
        for task in ("a", "b", "c"):
            PeriodicWork.objects.create(task=task, due_at=NOON)
        wanted = ["a", "c"]
        statement = (
            f"SELECT task FROM dispatch_periodicwork WHERE task IN ({places(wanted)})"
            " ORDER BY task"
        )

        locked = fetch(connection, f"{statement} {for_update(connection)}", wanted)

        assert locked == [("a",), ("c",)]
