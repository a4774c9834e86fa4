"""The databases that tests get."""

import pytest
from django.db import connections

from services.catalogue.models import Department, ItemVersion
from services.common.triggers import missing
from services.dispatch.models import PeriodicWork
from services.ledger.models import LogEntry
from tests import databases
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


@pytest.mark.parametrize("turn", [1, 2])
def test_who_asks_for_the_catalogue_has_all_of_it_and_nothing_else(catalogue, turn):
    assert ItemVersion.objects.count() == 251
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("turn", [1, 2])
def test_after_a_flush_it_is_there_again(catalogue, transactional_db, turn):
    assert ItemVersion.objects.count() == 251
    assert connections["default"].needs_rollback is False


@pytest.mark.django_db
def test_who_does_not_ask_for_the_catalogue_has_none():
    assert not ItemVersion.objects.exists()
    assert not Department.objects.exists()


@pytest.mark.django_db
def test_append_only_tables_are_guarded_in_tests_too():
    assert missing(connections["default"]) == []


def test_it_moves_out_and_in_again_with_the_same_keys(catalogue, transactional_db):
    before = set(ItemVersion.objects.values_list("pk", flat=True))

    databases.set_catalogue(wanted=False)
    assert not ItemVersion.objects.exists()

    databases.set_catalogue(wanted=True)
    assert set(ItemVersion.objects.values_list("pk", flat=True)) == before
