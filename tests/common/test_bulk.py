from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from services.common.bulk import (
    FEW,
    Insert,
    as_rows,
    insert_new_rows,
    insert_rows,
    insert_together,
    update_rows,
    with_ids,
)
from services.common.ids import draw_ids
from services.dispatch.models import OutboxMessage, PeriodicWork
from services.exchange.models import DepositOrder
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

    @pytest.mark.parametrize("more", [0, FEW])
    def test_keeps_bytes_and_awkward_texts(self, more: int) -> None:
        texts = ["tab\tnewline\nback\\slash\r", "\\N", "\\.", "", "100 %s", "证照"]
        texts += [f"one of many {number}" for number in range(more)]
        rows = [
            (text, text, bytes(range(256))[:16], f"p{number:03}")
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

    @pytest.mark.parametrize("more", [0, FEW])
    def test_refuses_a_row_that_exists(self, more: int) -> None:
        PeriodicWork.objects.create(task="a", due_at=NOON)
        rows = [("a", NOON), *((f"task {number}", NOON) for number in range(more))]

        with pytest.raises(IntegrityError), transaction.atomic():
            insert_rows(connection, PeriodicWork, COLUMNS, rows)


@pytest.mark.django_db
class TestInsertTogether:
    @pytest.mark.parametrize("count", [1, FEW + 1])
    def test_fills_several_tables_and_passes_over_empty_ones(self, count: int) -> None:
        works = [(f"task {number}", NOON) for number in range(count)]
        names = [(f"n{n}", "100 %s; --", b"s", f"p{n}") for n in range(count)]

        insert_together(
            connection,
            Insert(PeriodicWork, COLUMNS, works),
            Insert(OutboxMessage, ["task"], []),
            Insert(Pseudonym, NAME_COLUMNS, names),
        )

        assert PeriodicWork.objects.count() == count
        assert Pseudonym.objects.filter(label="100 %s; --").count() == count


@pytest.mark.django_db
class TestAsRows:
    def test_objects_become_rows_with_defaults_and_new_ids(self) -> None:
        messages = [
            OutboxMessage(task="t", key=key, created_at=NOON, available_at=NOON)
            for key in ("a", "b")
        ]

        insert_rows(connection, *as_rows(connection, OutboxMessage, messages))

        stored = list(OutboxMessage.objects.order_by("key"))
        assert [each.key for each in stored] == ["a", "b"]
        assert {(each.attempts, each.created_at) for each in stored} == {(0, NOON)}

    def test_objects_that_are_given_ids_keep_them(self) -> None:
        message = OutboxMessage(task="t", key="a", created_at=NOON, available_at=NOON)

        insert_rows(connection, *with_ids(connection, OutboxMessage, [message]))

        assert OutboxMessage.objects.get(pk=message.pk).key == "a"


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

    def test_many_rows_arrive_as_few_would(self) -> None:
        numbers = [str(number) for number in range(FEW + 1)]
        orders = [
            DepositOrder(
                number=number,
                payload=[{"holder": "某\\店"}, 1, None],
                ordered_at=NOON,
                case='"\\,{',
            )
            for number in numbers
        ]
        names = [(n, "", b"\x00\\" + n.encode(), n) for n in numbers]
        for new in (len(numbers), 0):
            rows = as_rows(connection, DepositOrder, orders)
            assert insert_new_rows(connection, *rows) == new
            assert insert_new_rows(connection, Pseudonym, NAME_COLUMNS, names) == new

        kept = DepositOrder.objects.get(number=numbers[-1])
        assert (kept.payload, kept.case) == (orders[0].payload, '"\\,{')
        assert (kept.ordered_at, kept.kept_at) == (NOON, None)
        assert bytes(Pseudonym.objects.get(clear="7").salt) == b"\x00\\7"


@pytest.mark.django_db
class TestDrawIds:
    def test_ids_rise_and_are_never_given_twice(self) -> None:
        first = draw_ids(connection, OutboxMessage, 3)
        for pk in first:
            OutboxMessage.objects.create(
                pk=pk, task="t", key=str(pk), created_at=NOON, available_at=NOON
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
            [(pk, "t", str(pk), NOON, NOON, 0, "", 0, "") for pk in drawn],
        )
        row = OutboxMessage.objects.create(
            task="t", key="k", created_at=NOON, available_at=NOON
        )

        assert row.pk > max(drawn)

    def test_an_empty_table_starts_at_one_or_where_the_sequence_stands(self) -> None:
        (pk,) = draw_ids(connection, LogEntry, 1)

        assert pk >= 1


@pytest.mark.django_db
class TestUpdateRows:
    def test_writes_only_what_is_named_into_only_these_rows(self) -> None:
        rows = [
            OutboxMessage(task="t", key=key, created_at=NOON, available_at=NOON)
            for key in "abc"
        ]
        first, second, other = OutboxMessage.objects.bulk_create(rows)
        later = NOON + timedelta(microseconds=1)

        changed = update_rows(
            connection,
            OutboxMessage,
            ("id", "parked_reason", "attempts", "leased_until"),
            [(first.pk, '引号" % \\', 3, later), (second.pk, "", 0, None)],
        )

        assert changed == 2
        columns = ("key", "parked_reason", "attempts", "leased_until")
        assert list(OutboxMessage.objects.order_by("pk").values_list(*columns)) == [
            ("a", '引号" % \\', 3, later),
            ("b", "", 0, None),
            ("c", "", 0, None),
        ]
        assert OutboxMessage.objects.filter(leased_until__gte=later).count() == 1
        assert other.attempts == 0

    def test_no_rows_ask_nothing(self, django_assert_num_queries) -> None:
        with django_assert_num_queries(0):
            assert update_rows(connection, OutboxMessage, ("id", "key"), []) == 0
