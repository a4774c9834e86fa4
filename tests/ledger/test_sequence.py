import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from services.ledger.check import check_log
from services.ledger.models import (
    Bundle,
    LogEntry,
    PendingEntries,
    SequencerLease,
    TreeHead,
)
from services.ledger.operations.record import record
from services.ledger.operations.sequence import (
    LEASE,
    AnotherSequencer,
    give_up_lease,
    sequence_pending,
)
from services.ledger.tree import root_of
from tests.clock import NOON
from tests.ledger.writing import moved, wait, write, write_and_place


def leaf_order() -> list[int]:
    """Return the ids of all leaves in the order of the tree."""
    packed = b"".join(
        bytes(bundle.entry_ids) for bundle in Bundle.objects.order_by("start")
    )
    return [
        int.from_bytes(packed[at : at + 8], "big") for at in range(0, len(packed), 8)
    ]


@pytest.mark.django_db
class TestSequencePending:
    def test_places_entries_and_leaves_nothing_pending(self) -> None:
        rows = write(moved("D1"), moved("D2"), moved("D3"))

        assert sequence_pending(now=NOON) == 3

        assert leaf_order() == [row.pk for row in rows]
        assert not PendingEntries.objects.exists()
        head = TreeHead.objects.get()
        assert head.size == 3
        assert bytes(head.root) == root_of([bytes(row.leaf_hash) for row in rows])

    def test_a_later_batch_continues_the_tree(self) -> None:
        rows = write_and_place(5) + write_and_place(300)

        heads = TreeHead.objects.order_by("size")
        assert [head.size for head in heads] == [5, 305]
        assert bytes(heads[1].root) == root_of([bytes(row.leaf_hash) for row in rows])

    def test_bundles_never_cross_a_multiple_of_256(self) -> None:
        write_and_place(250)
        write_and_place(600)

        shapes = Bundle.objects.order_by("start").values_list("start", "count")
        assert list(shapes) == [(0, 250), (250, 6), (256, 256), (512, 256), (768, 82)]

    def test_takes_what_was_written_together_until_it_has_enough(self) -> None:
        rows = [row for _ in range(5) for row in write(moved(), moved(), moved())]

        placed = [sequence_pending(now=NOON, limit=4) for _ in range(4)]

        assert placed == [6, 6, 3, 0]
        assert leaf_order() == [row.pk for row in rows]

    def test_ids_rise_in_a_bundle_when_two_writers_drew_theirs_in_turns(self) -> None:
        rows = write(*[moved()] * 4)
        PendingEntries.objects.all().delete()
        wait(rows[0], rows[2])
        wait(rows[1], rows[3])

        assert sequence_pending(now=NOON) == 4

        assert leaf_order() == [row.pk for row in rows]
        assert check_log().differences == ()

    def test_with_nothing_pending_it_writes_nothing(self) -> None:
        assert sequence_pending(now=NOON) == 0
        assert not TreeHead.objects.exists()

    def test_entries_are_never_touched(self) -> None:
        before = list(LogEntry.objects.values())
        rows = write(moved())
        before = list(LogEntry.objects.values())
        sequence_pending(now=NOON)

        assert list(LogEntry.objects.values()) == before
        assert len(rows) == 1

    @pytest.mark.parametrize(
        "step", ["DELETE FROM ledger_pending", "FROM ledger_treehead", "INSERT INTO"]
    )
    def test_a_crash_before_a_step_changes_nothing(self, step) -> None:
        write(moved(), moved())

        class Killed(Exception):
            pass

        def die(execute, statement, *given):
            if step in statement:
                raise Killed
            return execute(statement, *given)

        with pytest.raises(Killed), connection.execute_wrapper(die):
            sequence_pending(now=NOON)

        assert not Bundle.objects.exists()
        assert PendingEntries.objects.count() == 1
        assert sequence_pending(now=NOON) == 2
        assert check_log().differences == ()


@pytest.mark.django_db
class TestLease:
    def test_a_second_sequencer_is_told(self) -> None:
        write(moved())
        sequence_pending(now=NOON, owner="one")
        write(moved())

        with pytest.raises(AnotherSequencer):
            sequence_pending(now=NOON, owner="two")
        assert PendingEntries.objects.count() == 1

    def test_a_second_sequencer_is_told_even_with_nothing_to_do(self) -> None:
        sequence_pending(now=NOON, owner="one")

        with pytest.raises(AnotherSequencer):
            sequence_pending(now=NOON, owner="two")

    def test_the_next_one_takes_over_when_the_lease_has_run_out(self) -> None:
        write(moved())
        sequence_pending(now=NOON, owner="one")
        write(moved())

        assert sequence_pending(now=NOON + LEASE, owner="two") == 1
        with pytest.raises(AnotherSequencer):
            sequence_pending(now=NOON + LEASE, owner="one")

    def test_an_idle_sequencer_keeps_its_lease(self) -> None:
        sequence_pending(now=NOON, owner="one")
        sequence_pending(now=NOON + LEASE * 0.9, owner="one")

        with pytest.raises(AnotherSequencer):
            sequence_pending(now=NOON + LEASE * 1.5, owner="two")

    def test_the_next_one_need_not_wait_after_a_clean_stop(self) -> None:
        sequence_pending(now=NOON, owner="one")
        give_up_lease(owner="one")
        write(moved())

        assert sequence_pending(now=NOON, owner="two") == 1

    def test_a_clock_that_went_back_a_day_does_not_stop_the_log(self) -> None:
        sequence_pending(now=NOON, owner="one")
        write(moved())

        assert sequence_pending(now=NOON - timedelta(days=1), owner="two") == 1

    def test_there_is_only_one_lease(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            SequencerLease.objects.create(id=2)


@pytest.mark.django_db(transaction=True)
class TestLateCommits:
    def test_an_entry_that_commits_late_is_placed_then(self) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite lets one transaction write at a time: none is late")
        written, may_commit = threading.Event(), threading.Event()

        def write_slowly() -> None:
            with transaction.atomic():
                record(moved("late"), at=NOON)
                written.set()
                may_commit.wait(timeout=20)
            connection.close()

        slow = threading.Thread(target=write_slowly)
        slow.start()
        assert written.wait(timeout=20)
        (early,) = write(moved("early"))
        assert sequence_pending(now=NOON) == 1
        may_commit.set()
        slow.join(timeout=20)
        assert sequence_pending(now=NOON) == 1

        late = LogEntry.objects.get(case="late")
        assert late.pk < early.pk
        assert leaf_order() == [early.pk, late.pk]
        assert check_log().differences == ()

    def test_with_many_writers_nothing_is_lost_doubled_or_reordered(self) -> None:
        def write_some(name: str) -> None:
            for number in range(15):
                with transaction.atomic():
                    record(moved(name, code=str(number)), at=NOON)
            connection.close()

        writers = [threading.Thread(target=write_some, args=[name]) for name in "abcd"]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            sequence_pending(now=NOON)
        sequence_pending(now=NOON)

        order = leaf_order()
        assert sorted(order) == sorted(LogEntry.objects.values_list("pk", flat=True))
        assert len(order) == 60
        cases = LogEntry.objects.in_bulk(order)
        for name in "abcd":
            codes = [int(cases[pk].code) for pk in order if cases[pk].case == name]
            assert codes == list(range(15))
        assert check_log().differences == ()
