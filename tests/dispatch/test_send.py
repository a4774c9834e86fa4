import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from services.dispatch.models import OutboxMessage
from services.dispatch.operations.claim import claim
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
        send_many([Message("t.a", "1", LATER)] + [Message("t.a", "1")] * 3, now=NOON)

        assert OutboxMessage.objects.get().available_at == NOON

    def test_what_nobody_claimed_takes_in_an_equal_one(self, bells) -> None:
        for at in (LATER, NOON, LATER):
            send("t.a", "1", now=NOON, at=at)

        assert OutboxMessage.objects.get().available_at == NOON

    def test_what_is_claimed_may_have_looked_too_early(self, bells) -> None:
        send("t.a", "1", now=NOON)
        claim(now=NOON, owner="w", attempts=range(1), limit=10)
        send("t.a", "1", now=NOON)

        assert stored() == [("t.a", "1")] * 2

    def test_what_failed_once_takes_in_nothing(self, bells) -> None:
        send("t.a", "1", now=NOON)
        OutboxMessage.objects.update(fence=1, attempts=1, available_at=LATER)
        send("t.a", "1", now=NOON)

        assert stored() == [("t.a", "1")] * 2

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


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_nobody_claims_it_before_the_second_sender_has_committed(
        self, bells
    ) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has one writer at a time and no row locks")
        send("t.a", "1", now=NOON)
        sent, finish = threading.Event(), threading.Event()

        def send_slowly() -> None:
            with transaction.atomic():
                send("t.a", "1", now=NOON)
                sent.set()
                finish.wait(timeout=20)
            connection.close()

        sender = threading.Thread(target=send_slowly)
        sender.start()
        assert sent.wait(timeout=20)
        assert claim(now=NOON, owner="w", attempts=range(1), limit=10) == []
        finish.set()
        sender.join(timeout=20)

        (claimed,) = claim(now=NOON, owner="w", attempts=range(1), limit=10)
        assert claimed.key == "1"
