"""Transactions that commit late and in any order, while the sequencer runs."""

from __future__ import annotations

import threading
from itertools import permutations

import pytest
from django.db import connection, transaction
from django.db.models import F

from services.exchange.models import Breaker
from services.ledger.check import check_log
from services.ledger.models import LogEntry, PendingEntries
from services.ledger.operations.record import record, record_many
from services.ledger.operations.sequence import sequence_pending
from tests.clock import NOON
from tests.ledger.test_sequence import leaf_order
from tests.ledger.writing import moved, place_and_sign

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 20


class Writer(threading.Thread):
    """Draws the next ids in a transaction of its own, and commits when it may."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.written, self.may_commit = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with transaction.atomic():
                record_many([moved(self.name, code=str(n)) for n in range(2)], at=NOON)
                self.written.set()
                assert self.may_commit.wait(PATIENCE_S)
        finally:
            connection.close()

    def begin(self) -> None:
        self.start()
        assert self.written.wait(PATIENCE_S)

    def commit(self) -> None:
        self.may_commit.set()
        self.join(PATIENCE_S)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whoever_commits_first_is_placed_first_and_nobody_is_passed_over(order):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time: none is late")
    writers = [Writer(f"D{number}") for number in range(3)]
    for writer in writers:
        writer.begin()

    for number in order:
        writers[number].commit()
        assert sequence_pending(now=NOON) == 2
        assert not PendingEntries.objects.exists()

    cases = LogEntry.objects.in_bulk(leaf_order())
    placed = [(cases[pk].case, cases[pk].code) for pk in leaf_order()]
    assert placed == [(f"D{number}", code) for number in order for code in "01"]
    ids = [min(pk for pk in cases if cases[pk].case == f"D{n}") for n in range(3)]
    assert ids == sorted(ids)  # drawn in the order in which they began
    assert check_log().differences == ()


def test_one_that_is_rolled_back_leaves_nothing_but_a_gap():
    with transaction.atomic():
        record(moved("gone"), at=NOON)
        transaction.set_rollback(True)
    with transaction.atomic():
        record(moved("stays"), at=NOON)

    assert sequence_pending(now=NOON) == 1
    assert LogEntry.objects.get().case == "stays"
    assert check_log().differences == ()


def test_a_case_keeps_its_order_whoever_moves_it_while_the_sequencer_runs():
    cases = [f"D{number}" for number in range(3)]
    for name in cases:
        Breaker.objects.create(line=name)
    writers = [
        threading.Thread(target=move_some, args=[cases[number:] + cases[:number]])
        for number in [0, 1, 2, 0]
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        place_and_sign()
    place_and_sign()

    order = leaf_order()
    rows = LogEntry.objects.in_bulk(order)
    assert len(order) == len(rows) == LogEntry.objects.count() == 48
    for name in cases:
        codes = [int(rows[pk].code) for pk in order if rows[pk].case == name]
        assert codes == list(range(1, 17))
    assert check_log().differences == ()


def move_some(cases: list[str]) -> None:
    """Move each case some times; each time its row is changed first, as cases do."""
    try:
        for name in cases * 4:
            with transaction.atomic():
                row = Breaker.objects.filter(line=name)
                row.update(failures=F("failures") + 1)
                record(moved(name, code=str(row.get().failures)), at=NOON)
    finally:
        connection.close()
