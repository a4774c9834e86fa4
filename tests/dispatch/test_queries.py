from datetime import timedelta

import pytest

from services.dispatch import periodic
from services.dispatch.models import OutboxMessage, PeriodicWork
from services.dispatch.queries import (
    depth_by_task,
    leases,
    next_periodic_at,
    outbox_depth,
    parked_messages,
)
from tests.clock import NOON

MINUTE = timedelta(minutes=1)


def message(key: str, *, at=NOON, **members) -> OutboxMessage:
    return OutboxMessage.objects.create(
        task="t", key=key, created_at=NOON, available_at=at, **members
    )


@pytest.mark.django_db
class TestOutboxDepth:
    def test_of_an_empty_outbox(self) -> None:
        assert outbox_depth(NOON) == (0, 0, 0, 0, None)

    def test_counts_each_message_in_one_place(self) -> None:
        message("due", at=NOON - MINUTE)
        message("due now")
        message("lease ran out", leased_until=NOON - MINUTE)
        message("later", at=NOON + MINUTE)
        message("leased", leased_until=NOON + MINUTE)
        message("parked", at=NOON - 2 * MINUTE, parked_at=NOON)

        depth = outbox_depth(NOON)

        assert depth == (3, 1, 1, 1, NOON - MINUTE)
        assert depth.due == OutboxMessage.objects.due(NOON).count()


@pytest.mark.django_db
def test_depth_by_task_keeps_tasks_apart(django_assert_num_queries) -> None:
    message("due")
    message("parked", parked_at=NOON)
    OutboxMessage.objects.filter(key="parked").update(task="other")

    with django_assert_num_queries(1):
        depths = depth_by_task(NOON)

    assert depths == {"other": (0, 0, 0, 1, None), "t": (1, 0, 0, 0, NOON)}


@pytest.mark.django_db
class TestParkedMessages:
    def test_returns_the_last_parked_first(self) -> None:
        message("old", parked_at=NOON - MINUTE)
        message("new", parked_at=NOON)
        message("live")

        assert [each.key for each in parked_messages()] == ["new", "old"]
        assert [each.key for each in parked_messages(limit=1)] == ["new"]


@pytest.mark.django_db
class TestLeases:
    def test_says_who_holds_how_much_of_what_until_when(self) -> None:
        for key in "12":
            message(key, lease_owner="a", leased_until=NOON + 2 * MINUTE)
        message("3", lease_owner="b", leased_until=NOON + MINUTE)
        message("ran out", lease_owner="c", leased_until=NOON)
        message("parked", lease_owner="d", leased_until=NOON + MINUTE, parked_at=NOON)
        message("free")

        assert leases() == [
            ("c", "t", 1, NOON),
            ("b", "t", 1, NOON + MINUTE),
            ("a", "t", 2, NOON + 2 * MINUTE),
        ]


@pytest.mark.django_db
class TestNextPeriodic:
    def test_is_the_first_of_those_that_are_registered(self, monkeypatch) -> None:
        monkeypatch.setattr(periodic, "_registered", {"a": MINUTE, "b": MINUTE})
        assert next_periodic_at() is None

        for task, minutes in (("a", 3), ("b", 2), ("gone", 1)):
            PeriodicWork.objects.create(task=task, due_at=NOON + minutes * MINUTE)

        assert next_periodic_at() == NOON + 2 * MINUTE
