"""One that fails does not hold up the others."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest
from django.db import OperationalError

from services.cases.operations.in_turn import in_turn
from services.exchange.models import Incident
from tests.clock import NOON


def test_all_are_done_in_batches():
    seen: list[list[int]] = []

    assert in_turn(
        range(5), lambda some: seen.append(list(some)) or len(some), now=NOON, batch=2
    )
    assert seen == [[0, 1], [2, 3], [4]]


@pytest.mark.django_db
def test_one_that_fails_is_left_and_named(caplog):
    done: list[int] = []

    def do(some: Sequence[int]) -> int:
        if 3 in some:
            raise ValueError(some)
        done.extend(some)
        return len(some)

    with caplog.at_level(logging.ERROR):
        assert in_turn(range(6), do, now=NOON, batch=4) == 5
    assert sorted(done) == [0, 1, 2, 4, 5]
    assert [record.getMessage() for record in caplog.records] == [
        "left for the next time: 3"
    ]
    incident = Incident.objects.get()
    assert (incident.about, incident.text) == ("3", "ValueError")


def test_without_a_database_nobody_is_tried_one_by_one():
    tried: list[int] = []

    def do(some: Sequence[int]) -> int:
        tried.append(len(some))
        raise OperationalError

    with pytest.raises(OperationalError):
        in_turn(range(6), do, now=NOON)
    assert tried == [6]
