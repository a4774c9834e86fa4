"""Many keys in one parameter mean what an IN list means, on both databases."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef

from services.cases.models import Case
from services.common.among import among, listed
from services.common.statements import fetch
from services.dispatch.models import OutboxMessage, PeriodicWork
from tests.clock import NOON

AWKWARD = ["a", "", 'say "no"', "back\\slash", "{a,b}", "NULL", "逗号，", "per % cent"]


@pytest.fixture
def works(db) -> None:
    PeriodicWork.objects.bulk_create(
        PeriodicWork(task=task, due_at=NOON) for task in [*AWKWARD, "other"]
    )


@pytest.mark.usefixtures("works")
class TestAmong:
    @pytest.mark.parametrize("text", AWKWARD)
    def test_finds_every_text_and_no_other(self, text):
        found = PeriodicWork.objects.filter(task__among=[text])

        assert [work.task for work in found] == [text]

    def test_finds_as_many_as_in_does_in_one_statement(self, django_assert_num_queries):
        wanted = [*AWKWARD, "nobody", *map(str, range(3_000))]

        with django_assert_num_queries(1):
            found = set(
                PeriodicWork.objects.filter(task__among=wanted).values_list("task")
            )

        assert found == {(text,) for text in AWKWARD}

    def test_nothing_is_among_nothing_and_nobody_is_asked(
        self, django_assert_num_queries
    ):
        with django_assert_num_queries(0):
            assert not list(PeriodicWork.objects.filter(task__among=[]))

    def test_stands_in_plain_statements_too(self):
        statement = (
            f"SELECT task FROM dispatch_periodicwork WHERE task {among(connection)}"
        )

        assert fetch(connection, statement, [listed(connection, ["a", "b"])]) == [
            ("a",)
        ]


@pytest.mark.django_db
class TestNumbers:
    def test_finds_numbers(self):
        rows = [
            OutboxMessage(task="t", key=key, created_at=NOON, available_at=NOON)
            for key in "abc"
        ]
        first, _, last = OutboxMessage.objects.bulk_create(rows)

        found = OutboxMessage.objects.filter(pk__among={first.pk, last.pk})

        assert set(found) == {first, last}

    def test_follows_a_relation(self):
        twins = Case.objects.filter(
            Exists(Case.objects.filter(pk=OuterRef("pk"), entity__among=[1, 2])),
            entity__uscc__among=["9133"],
        )

        assert not twins.exists()
