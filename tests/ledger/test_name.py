"""What a process remembers of names, and when it must not rely on it."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from services.ledger.check import check_log
from services.ledger.models import LogEntry, NameEdition, Pseudonym
from services.ledger.operations import name, record
from services.ledger.operations.forget import forget_subjects
from services.ledger.operations.name import memories
from tests.clock import NOON
from tests.databases import statements
from tests.ledger.writing import REVIEWER, moved, tamper, write

pytestmark = pytest.mark.django_db(transaction=True)

A, B = "person:a", "person:b"


@pytest.fixture(autouse=True)
def _first_edition() -> None:
    """Make what the flush of another test has taken away."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite nothing is remembered: it answers within the process")
    NameEdition.objects.update_or_create(id=1, defaults={"edition": str(uuid4())})


def known() -> set[str]:
    return {clear for names in memories.values() for clear in names.known}


def looked_up(*subjects: str) -> int:
    """Write an entry about each; return how often the table of names was asked."""
    with CaptureQueriesContext(connection) as captured:
        write(*[moved(subject=subject) for subject in subjects])
    return sum("ledger_pseudonym" in each for each in statements(captured))


def elsewhere(work) -> None:
    """Do something on a connection of its own, committed."""

    def and_close() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=and_close)
    thread.start()
    thread.join(timeout=20)


def test_who_was_met_is_not_looked_up_again():
    write(moved(subject=A, actor=REVIEWER))

    assert looked_up(A) == 0
    assert looked_up(A, B) > 0
    assert looked_up(B, A) == 0
    assert Pseudonym.objects.count() == 3
    assert check_log().differences == ()


def test_who_was_forgotten_gets_another_name():
    (before,) = write(moved(subject=A))
    write(moved(subject=B))

    elsewhere(lambda: forget_subjects(names=[A], actor=REVIEWER, now=NOON))

    after, other = write(moved(subject=A), moved(subject=B))
    assert after.subject != before.subject
    assert Pseudonym.objects.get(clear=A).pseudonym == after.subject
    assert Pseudonym.objects.get(clear=B).pseudonym == other.subject
    assert looked_up(A, B) == 0
    assert check_log().differences == ()


def test_who_was_forgotten_is_not_named_beside_somebody_new():
    (before,) = write(moved(subject=A))

    elsewhere(lambda: forget_subjects(names=[A], actor=REVIEWER, now=NOON))

    after, _ = write(moved(subject=A), moved(subject=B))
    assert after.subject != before.subject
    assert Pseudonym.objects.get(clear=A).pseudonym == after.subject
    assert check_log().differences == ()


def test_who_is_forgotten_between_remembering_and_writing_is_not_named(monkeypatch):
    (before,) = write(moved(subject=A))
    read = name.remembered

    def remember_and_forget(*given):
        names = read(*given)
        elsewhere(lambda: Pseudonym.objects.filter(clear=A).delete())
        return names

    monkeypatch.setattr(record, "remembered", remember_and_forget)
    (after,) = write(moved(subject=A))

    assert after.subject != before.subject
    assert LogEntry.objects.count() == 2
    assert Pseudonym.objects.get(clear=A).pseudonym == after.subject


def test_a_name_that_was_deleted_by_hand_is_not_given_again():
    (before,) = write(moved(subject=A))
    tamper("DELETE FROM ledger_logentry")

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_pseudonym")

    (after,) = write(moved(subject=A))
    assert after.subject != before.subject


def test_another_session_remembers_nothing_as_its_database_may_be_older():
    write(moved(subject=A))
    tamper("DELETE FROM ledger_logentry")
    tamper("DELETE FROM ledger_pseudonym")  # and no other edition
    assert known() == {A}

    connection.close()
    connection.close_pool()

    (row,) = write(moved(subject=A))
    assert Pseudonym.objects.get(clear=A).pseudonym == row.subject


def test_a_name_that_was_rolled_back_is_not_remembered():
    with transaction.atomic():
        write(moved(subject=A))
        write(moved(subject=A))
        transaction.set_rollback(True)

    (row,) = write(moved(subject=A))

    assert Pseudonym.objects.get(clear=A).pseudonym == row.subject
    assert check_log().differences == ()


def test_a_name_is_remembered_no_earlier_than_it_is_committed():
    with transaction.atomic():
        write(moved(subject=A))
        assert known() == set()

    assert known() == {A}


def test_without_an_edition_nothing_is_remembered():
    NameEdition.objects.all().delete()
    write(moved(subject=A))

    assert looked_up(A) > 0


def test_what_is_remembered_has_a_bound(monkeypatch):
    monkeypatch.setattr(name, "MOST_REMEMBERED", 3)
    write(*[moved(subject=f"person:{number}") for number in range(3)])
    write(moved(subject="person:3"))

    assert known() == {"person:3"}
