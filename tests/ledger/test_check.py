import pytest
from django.core.management import call_command
from django.db import connection, transaction

from services.common import triggers
from services.ledger import check
from services.ledger.check import check_log
from services.ledger.models import (
    Bundle,
    EntryDetails,
    LogEntry,
    PendingEntries,
    Pseudonym,
)
from services.ledger.operations.record import record
from services.ledger.shelf import pack_ids
from services.ledger.tree import leaf_hash
from services.ledger.triggers import TRIGGERS
from tests.clock import NOON
from tests.ledger.writing import moved, tamper, wait, wanted, write, write_and_place

HASH = b"\x17" * 32


def found() -> list[tuple[int | None, str]]:
    return [(each.index, each.what) for each in check_log().differences]


@pytest.mark.django_db
class TestHonestLog:
    def test_an_empty_log_is_sound(self) -> None:
        verdict = check_log()

        assert (verdict.size, verdict.differences) == (0, ())
        assert verdict.root.startswith("e3b0c442")

    def test_placed_and_pending_entries_are_sound(self) -> None:
        write_and_place(300)
        write_and_place(7)
        write(moved(details={"a": 1}, subject="person:a"))

        assert found() == []
        assert check_log().size == 307

    def test_a_rolled_back_number_leaves_no_hole(self) -> None:
        write_and_place(2)
        with transaction.atomic():
            write(moved("rolled-back"))
            transaction.set_rollback(True)
        write_and_place(2)

        assert found() == []

    def test_many_small_bundles_are_followed(self, monkeypatch) -> None:
        monkeypatch.setattr(check, "SPAN", 256)
        monkeypatch.setattr(check, "ROWS_AT_ONCE", 3)
        for count in (3, 250, 7, 252, 1, 300):
            write_and_place(count)
        write(*[moved()] * 5)

        assert found() == []


@pytest.mark.django_db
class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("type", "case.decided"),
            ("office", "scjg"),
            ("case", "D7"),
            ("exchange", "e9"),
            ("subject", "ff"),
            ("actor", "somebody"),
            ("outcome", "FOUND"),
            ("code", "EXPIRED"),
            ("at", "2026-11-24 00:00:00"),
        ],
    )
    def test_a_changed_column_is_named(self, column, value) -> None:
        rows = write_and_place(5)
        tamper(
            f'UPDATE ledger_logentry SET "{column}" = %s WHERE id = %s',
            value,
            rows[3].pk,
        )

        assert found() == [
            (3, f"entry {rows[3].pk}: its column {column} differs from its text")
        ]

    def test_a_changed_text_is_named_by_its_index(self) -> None:
        rows = write_and_place(5)
        tamper(
            "UPDATE ledger_logentry SET leaf = replace(leaf, 'D2', 'D9') WHERE id = %s",
            rows[2].pk,
        )

        assert found() == [(2, f"entry {rows[2].pk}: its text does not give its hash")]

    def test_a_changed_stored_hash_is_named(self) -> None:
        rows = write_and_place(5)
        tamper(
            "UPDATE ledger_logentry SET leaf_hash = %s WHERE id = %s", HASH, rows[4].pk
        )

        assert found() == [(4, f"entry {rows[4].pk}: its stored hash is another")]

    def test_a_deleted_entry_is_named(self) -> None:
        rows = write_and_place(5)
        tamper("DELETE FROM ledger_logentry WHERE id = %s", rows[1].pk)

        assert found() == [(1, f"entry {rows[1].pk}: it is gone")]

    def test_a_deleted_newest_entry_is_named(self) -> None:
        rows = write_and_place(5)
        tamper("DELETE FROM ledger_logentry WHERE id = %s", rows[4].pk)

        assert found() == [(4, f"entry {rows[4].pk}: it is gone")]

    def test_a_missing_bundle_is_named(self) -> None:
        write_and_place(3)
        write_and_place(3)
        write_and_place(3)
        tamper("DELETE FROM ledger_bundle WHERE start = 3")

        assert found() == [(3, "the next bundle starts at 6")]

    def test_a_missing_last_bundle_is_named(self) -> None:
        write_and_place(3)
        write_and_place(3)
        tamper("DELETE FROM ledger_bundle WHERE start = 3")

        assert found() == [(3, "the bundle is missing")]

    def test_a_changed_bundle_hash_is_found_at_its_entry(self) -> None:
        rows = write_and_place(2)
        tamper("UPDATE ledger_bundle SET hashes = %s", HASH * 2)

        assert found() == [(0, f"entry {rows[0].pk}: its text does not give its hash")]

    @pytest.mark.parametrize("first", [b"\x80", b"\xff"])
    @pytest.mark.parametrize("count", [1, 3])
    def test_an_id_that_no_entry_can_have_is_found(self, first, count) -> None:
        write_and_place(count)
        (ids,) = Bundle.objects.values_list("entry_ids", flat=True)
        tamper("UPDATE ledger_bundle SET entry_ids = %s", first + bytes(ids)[1:])

        ((index, what),) = found()

        assert index == 0
        assert what.endswith("it is gone")

    def test_leaf_and_bundle_changed_together_are_found_by_the_root(self) -> None:
        write_and_place(4)
        rows = write_and_place(1)
        text = rows[0].leaf.replace("D0", "D9")
        digest = leaf_hash(text.encode())
        tamper(
            "UPDATE ledger_logentry SET leaf = %s, leaf_hash = %s, \"case\" = 'D9'"
            " WHERE id = %s",
            text,
            digest,
            rows[0].pk,
        )
        tamper("UPDATE ledger_bundle SET hashes = %s WHERE start = 4", digest)

        assert found() == [(4, "the root over 5 leaves is another")]

    def test_a_changed_root_is_found(self) -> None:
        write_and_place(3)
        tamper("UPDATE ledger_treehead SET root = %s", HASH)

        assert found() == [(0, "the root over 3 leaves is another")]

    def test_a_changed_frontier_is_found(self) -> None:
        write_and_place(3)
        tamper("UPDATE ledger_treehead SET frontier = %s", HASH * 2)

        assert found() == [(0, "the root over 3 leaves is another")]

    def test_a_head_in_the_middle_of_a_bundle_is_found(self) -> None:
        write_and_place(3)
        tamper(
            "INSERT INTO ledger_treehead (size, root, frontier, at)"
            " VALUES (2, %s, %s, '2026-11-23 04:00:00')",
            HASH,
            HASH,
        )

        assert found() == [(2, "a tree head stands inside a bundle")]

    def test_a_deleted_newest_head_is_found(self) -> None:
        write_and_place(3)
        write_and_place(3)
        tamper("DELETE FROM ledger_treehead WHERE size = 6")

        assert (3, "bundles reach beyond the newest tree head") in found()

    def test_a_node_beyond_the_tree_is_found(self) -> None:
        write_and_place(300)
        tamper(
            "INSERT INTO ledger_treenode (level, number, hash) VALUES (1, 1, %s)", HASH
        )

        assert found() == [(300, "1 nodes stand where the tree has none")]

    def test_an_entry_placed_twice_in_other_stretches_is_found(
        self, monkeypatch
    ) -> None:
        monkeypatch.setattr(check, "SPAN", 256)
        rows = write_and_place(300)
        again = [rows[7], *rows[257:]]
        tamper(
            "UPDATE ledger_bundle SET entry_ids = %s, hashes = %s WHERE start = 256",
            b"".join(row.pk.to_bytes(8, "big") for row in again),
            b"".join(bytes(row.leaf_hash) for row in again),
        )

        ((index, what),) = found()
        assert index == 256
        assert what == f"entry {rows[7].pk}: it stands in the tree twice"

    def test_an_entry_placed_twice_is_found(self) -> None:
        rows = write_and_place(3)
        twice = rows[0].pk.to_bytes(8, "big") * 3
        tamper("UPDATE ledger_bundle SET entry_ids = %s", twice)

        assert found() == [(1, f"entry {rows[0].pk}: it stands in the tree twice")]

    def test_a_removed_pending_row_is_found(self) -> None:
        write_and_place(3)
        (row,) = write(moved())
        PendingEntries.objects.all().delete()

        ((index, what),) = found()
        assert index is None
        assert f"entry {row.pk} is neither pending nor in the tree" in what

    def test_a_pending_row_for_a_placed_entry_is_found(self) -> None:
        rows = write_and_place(3)
        wait(rows[1])

        assert (None, f"entry {rows[1].pk}: it is pending and in the tree") in found()

    def test_an_entry_that_is_pending_twice_in_place_of_another_is_found(self) -> None:
        one, two, _passed_over = write(moved(), moved(), moved())
        PendingEntries.objects.all().delete()
        wait(one, two)
        wait(two)

        assert (None, f"entry {two.pk}: it is pending twice") in found()

    def test_a_pending_hash_of_another_entry_is_found(self) -> None:
        (row,) = write(moved())
        tamper("UPDATE ledger_pendingentries SET hashes = %s", HASH)

        assert found() == [
            (None, f"pending entry {row.pk}: its text does not give its hash")
        ]

    @pytest.mark.parametrize(
        ("first", "ids"), [(1, [2]), (1, []), (1, [1, 1]), (2, [2, 1])]
    )
    def test_pending_ids_that_do_not_rise_are_found(self, first, ids) -> None:
        PendingEntries.objects.create(
            first_id=first, entry_ids=pack_ids(ids), hashes=HASH * len(ids)
        )

        what = f"pending entries: they do not rise from entry {first}"
        assert (None, what) in found()

    def test_a_pending_entry_that_is_gone_is_found(self) -> None:
        (row,) = write(moved())
        tamper("DELETE FROM ledger_logentry")

        assert (None, f"pending entry {row.pk}: it is gone") in found()

    def test_a_changed_pending_entry_is_found(self) -> None:
        (row,) = write(moved())
        tamper("UPDATE ledger_logentry SET leaf = replace(leaf, 'D1', 'D2')")

        assert found() == [
            (None, f"pending entry {row.pk}: its text does not give its hash")
        ]

    @pytest.mark.parametrize(
        "change", [{"body": {"a": 2}}, {"body": {"a": 0.5}}, {"salt": b"s" * 16}]
    )
    def test_changed_details_are_found(self, change) -> None:
        rows = write(moved(details={"a": 1}))
        write_and_place(1)
        EntryDetails.objects.update(**change)

        ((index, what),) = found()
        assert index == 0
        assert f"entry {rows[0].pk}: its details were changed" in what

    def test_invented_details_are_found(self) -> None:
        rows = write_and_place(2)
        EntryDetails.objects.create(entry_id=rows[1].pk, salt=b"s" * 16, body={})

        assert found() == [(1, f"entry {rows[1].pk}: its details were changed")]

    def test_details_of_no_entry_are_found(self) -> None:
        EntryDetails.objects.create(entry_id=77, salt=b"s" * 16, body={})

        assert found() == [(None, "details of entry 77, which does not exist")]

    def test_a_pseudonym_given_to_somebody_else_is_found(self) -> None:
        write(moved(subject="person:a"))
        Pseudonym.objects.update(clear="person:b")

        assert found() == [(None, "the pseudonym of person:b is false")]

    def test_a_missing_trigger_is_found(self) -> None:
        chosen = [each for each in TRIGGERS if wanted(each)][:1]
        triggers.drop(connection, chosen)

        name = chosen[0].name
        assert found() == [
            (None, f"the trigger {name} is missing, altered or switched off")
        ]


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture(autouse=True)
    def _in_this_process(self, monkeypatch) -> None:
        """Others would not see what the test has not committed."""
        monkeypatch.setattr("os.cpu_count", lambda: 1)

    def test_says_size_and_root_of_a_sound_log(self, capsys) -> None:
        write_and_place(3)

        call_command("fsck_log")

        said = capsys.readouterr().out
        assert "size 3" in said
        assert f"root {check_log().root}" in said

    def test_exits_with_1_and_names_the_first_bad_index(self, capsys) -> None:
        write_and_place(3)
        tamper("UPDATE ledger_logentry SET outcome = 'FOUND'")

        with pytest.raises(SystemExit) as left:
            call_command("fsck_log")

        assert left.value.code == 1
        assert "index 0:" in capsys.readouterr().err

    def test_sequence_log_once_places_everything(self, capsys) -> None:
        write(*[moved()] * 3)

        call_command("sequence_log", "--once")

        assert "3 entries placed" in capsys.readouterr().out
        assert not PendingEntries.objects.exists()
        record(moved(), at=NOON)
        call_command("sequence_log", "--once")
        assert LogEntry.objects.count() == check_log().size


@pytest.mark.django_db(transaction=True)
def test_all_processes_together_find_the_same(monkeypatch) -> None:
    monkeypatch.setattr(check, "SPAN", 256)
    write_and_place(700)
    rows = write_and_place(300)

    alone, together = check_log(), check_log(workers=2)

    assert together == alone
    assert alone.differences == ()
    tamper("UPDATE ledger_logentry SET outcome = 'FOUND' WHERE id = %s", rows[20].pk)
    (difference,) = check_log(workers=2).differences
    assert difference.index == 720
