from datetime import timedelta

import pytest
from django.db import transaction

from services.dispatch.models import OutboxMessage
from services.dispatch.operations.send import Message, send, send_many
from tests.clock import NOON

LATER = NOON + timedelta(hours=1)


def stored() -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.order_by("pk")
    return list(rows.values_list("task", "key"))


@pytest.mark.django_db
class TestSendMany:
    def test_keeps_messages_and_rings_once(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            send_many([Message("t.a", "1"), Message("t.b", "1")], now=NOON)
            send("t.a", "2", now=NOON)

        assert stored() == [("t.a", "1"), ("t.b", "1"), ("t.a", "2")]
        assert bells == [("dispatch.drain", {})]

    def test_a_message_for_later_rings_nothing(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            send("t.a", "1", now=NOON, at=LATER)

        assert bells == []
        assert OutboxMessage.objects.get().available_at == LATER

    def test_equal_messages_of_one_call_are_one(self, bells) -> None:
        send_many([Message("t.a", "1")] * 3 + [Message("t.a", "1", LATER)], now=NOON)

        assert OutboxMessage.objects.count() == 2

    def test_what_is_rolled_back_was_never_sent(
        self, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            send("t.a", "1", now=NOON)
            transaction.set_rollback(True)

        assert stored() == []
        assert bells == []

    def test_is_one_statement_however_many(
        self, bells, django_assert_num_queries
    ) -> None:
        messages = [Message("t.a", str(number)) for number in range(1_000)]

        with django_assert_num_queries(1):
            send_many(messages, now=NOON)

        assert OutboxMessage.objects.count() == 1_000

    def test_nothing_to_send_does_nothing(
        self, bells, django_assert_num_queries
    ) -> None:
        with django_assert_num_queries(0):
            send_many([], now=NOON)
