from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from services.common.bulk import draw_ids, insert_new_rows, insert_rows
from services.dispatch.models import OutboxMessage, PeriodicWork
from services.ledger.models import LogEntry, Pseudonym
from tests.clock import NOON

COLUMNS = ["task", "due_at"]
NAME_COLUMNS = ["clear", "label", "salt", "pseudonym"]


@pytest.mark.django_db
class TestInsertRows:
    def test_stores_what_django_would_have_stored(self) -> None:
        PeriodicWork.objects.create(task="by django", due_at=NOON)
        insert_rows(connection, PeriodicWork, COLUMNS, [("in bulk", NOON)])

        assert PeriodicWork.objects.filter(due_at=NOON).count() == 2
        later = NOON - timedelta(microseconds=1)
        assert PeriodicWork.objects.filter(due_at__gt=later).count() == 2

    def test_takes_any_number_of_rows_in_one_statement(
        self, django_assert_num_queries
    ) -> None:
        rows = [(f"task {number}", NOON) for number in range(3_000)]

        with django_assert_num_queries(1):
            insert_rows(connection, PeriodicWork, COLUMNS, rows)

        assert PeriodicWork.objects.count() == 3_000

    def test_keeps_bytes_and_awkward_texts(self) -> None:
        texts = ["tab\tnewline\nback\\slash", "\\N", "", "100 %s", "证照"]
        rows = [
            (text, text, bytes(range(256))[:16], f"p{number}")
            for number, text in enumerate(texts)
        ]

        insert_rows(connection, Pseudonym, NAME_COLUMNS, rows)

        stored = Pseudonym.objects.order_by("pseudonym")
        assert [name.clear for name in stored] == texts
        assert {bytes(name.salt) for name in stored} == {bytes(range(16))}

    def test_no_rows_ask_nothing(self, django_assert_num_queries) -> None:
        with django_assert_num_queries(0):
            insert_rows(connection, PeriodicWork, COLUMNS, [])
            insert_new_rows(connection, PeriodicWork, COLUMNS, [])

    def test_refuses_a_row_that_exists(self) -> None:
        PeriodicWork.objects.create(task="a", due_at=NOON)

        with pytest.raises(IntegrityError), transaction.atomic():
            insert_rows(connection, PeriodicWork, COLUMNS, [("a", NOON)])


@pytest.mark.django_db
class TestInsertNewRows:
    def test_passes_over_what_exists(self, django_assert_num_queries) -> None:
        PeriodicWork.objects.create(task="a", due_at=NOON)
        later = NOON + timedelta(hours=1)

        with django_assert_num_queries(1):
            insert_new_rows(
                connection,
                PeriodicWork,
                COLUMNS,
                [("a", later), ("b", later), ("b", later), ("c", later)],
            )

        due = dict(PeriodicWork.objects.values_list("task", "due_at"))
        assert due == {"a": NOON, "b": later, "c": later}


@pytest.mark.django_db
class TestDrawIds:
    def test_ids_rise_and_are_never_given_twice(self) -> None:
        first = draw_ids(connection, OutboxMessage, 3)
        for pk in first:
            OutboxMessage.objects.create(
                pk=pk, task="t", key="k", created_at=NOON, available_at=NOON
            )
        second = draw_ids(connection, OutboxMessage, 3)

        assert first == sorted(first)
        assert min(second) > max(first)

    def test_django_goes_on_after_them(self) -> None:
        drawn = draw_ids(connection, OutboxMessage, 2)
        insert_rows(
            connection,
            OutboxMessage,
            [
                "id",
                "task",
                "key",
                "created_at",
                "available_at",
                "attempts",
                "lease_owner",
                "fence",
                "parked_reason",
            ],
            [(pk, "t", "k", NOON, NOON, 0, "", 0, "") for pk in drawn],
        )
        row = OutboxMessage.objects.create(
            task="t", key="k", created_at=NOON, available_at=NOON
        )

        assert row.pk > max(drawn)

    def test_an_empty_table_starts_at_one_or_where_the_sequence_stands(self) -> None:
        (pk,) = draw_ids(connection, LogEntry, 1)

        assert pk >= 1
