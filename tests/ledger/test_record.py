import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from services.common.actors import SYSTEM, Actor
from services.ledger.entry import (
    Entry,
    EntryNotCanonical,
    UnknownEventType,
    details_digest,
    read_leaf,
)
from services.ledger.models import EntryDetails, LogEntry, PendingEntries, Pseudonym
from services.ledger.operations.record import NotInTransaction, record, record_many
from services.ledger.pending import leaves_of
from services.ledger.shelf import pack_ids
from services.ledger.tiles import LONGEST_ENTRY, Tile, pack_entries, read_entries
from services.ledger.tree import leaf_hash
from tests.clock import NOON
from tests.ledger.writing import LICENCE, REVIEWER, moved, write


@pytest.mark.django_db
class TestRecordMany:
    def test_writes_entries_in_their_order_and_each_is_pending(self) -> None:
        rows = write(moved("D1"), moved("D2"), moved("D3"))

        assert [row.case for row in rows] == ["D1", "D2", "D3"]
        waiting = PendingEntries.objects.get()
        assert waiting.first_id == rows[0].pk
        assert bytes(waiting.entry_ids) == pack_ids([row.pk for row in rows])
        assert bytes(waiting.hashes) == b"".join(bytes(row.leaf_hash) for row in rows)

    def test_many_wait_in_parts_that_are_stored_whole(self) -> None:
        rows = write(*[moved()] * 120)

        parts = [leaves_of(each) for each in PendingEntries.objects.order_by("pk")]
        assert [len(part) for part in parts] == [48, 48, 24]
        waiting = [leaf for part in parts for leaf in part]
        assert waiting == [(row.pk, bytes(row.leaf_hash)) for row in rows]

    def test_an_id_without_its_hash_cannot_wait(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            PendingEntries.objects.create(
                first_id=1, entry_ids=pack_ids([1, 2]), hashes=b"h" * 32
            )

    def test_the_columns_say_what_the_leaf_says(self) -> None:
        (row,) = write(
            Entry(
                type="exchange.answered",
                office="scjg-330106",
                actor=REVIEWER,
                case="D1",
                exchange="e1",
                subject=f"entity:{LICENCE}",
                outcome="NOT_FOUND",
                code="EXPIRED",
            )
        )

        leaf = read_leaf(row.leaf)
        columns = ("type", "office", "case", "exchange", "subject", "outcome", "code")
        assert {name: getattr(row, name) for name in columns} == {
            name: leaf[name] for name in columns
        }
        assert leaf["actor"] == {"kind": "human", "id": row.actor, "role": "reviewer"}
        assert leaf["at"] == "2026-11-23T04:00:00.000000Z"
        assert row.at == NOON
        assert bytes(row.leaf_hash) == leaf_hash(row.leaf.encode())

    @pytest.mark.parametrize(
        "texts", [[""], ["\x1f"], ["a\x1f", "", "\x1f\x20\x21b", "'\\"]]
    )
    def test_a_column_holds_any_text(self, texts) -> None:
        rows = write(*[Entry(type="case.moved", code=text) for text in texts])

        assert [row.code for row in rows] == texts
        assert [read_leaf(row.leaf)["code"] for row in rows] == texts

    def test_each_of_many_has_its_own_hash_and_details(self) -> None:
        entries = [
            moved(f"D{at}", details={"at": at} if at % 3 == 0 else {})
            for at in range(100)
        ]

        rows = write(*entries)

        assert [row.case for row in rows] == [entry.case for entry in entries]
        assert [row.pk for row in rows] == sorted(row.pk for row in rows)
        for row in rows:
            assert bytes(row.leaf_hash) == leaf_hash(row.leaf.encode())
        kept = {one.pk: one for one in EntryDetails.objects.all()}
        assert [kept[row.pk].body["at"] for row in rows[::3]] == [*range(0, 100, 3)]
        assert len(kept) == 34
        for pk, one in kept.items():
            leaf = read_leaf(LogEntry.objects.get(pk=pk).leaf)
            text = f'{{"at":{one.body["at"]}}}'
            assert leaf["details"] == details_digest(text, bytes(one.salt))

    def test_neither_licence_number_nor_person_stands_in_the_leaf(self) -> None:
        (row,) = write(moved(actor=REVIEWER, subject=f"entity:{LICENCE}"))

        assert LICENCE not in row.leaf
        assert REVIEWER.id not in row.leaf
        assert REVIEWER.name not in row.leaf

    def test_a_process_stands_in_the_leaf_by_its_name(self) -> None:
        (row,) = write(moved(actor=Actor("system", "worker", "system")))

        assert read_leaf(row.leaf)["actor"] == {
            "kind": "system",
            "id": "worker",
            "role": "system",
        }
        assert not Pseudonym.objects.exists()

    @pytest.mark.parametrize(
        ("member", "text"),
        [
            ("purpose", "办" * 21_800),
            ("basis", "x" * 65_400),
            ("basis", "\x01" * 10_900),
        ],
    )
    def test_what_fits_no_bundle_is_refused_by_the_member(self, member, text) -> None:
        with pytest.raises(EntryNotCanonical, match=rf"^{member}: 65\d+ bytes"):
            write(moved(**{member: text}))
        assert not LogEntry.objects.exists()

    def test_what_just_fits_a_bundle_is_written(self) -> None:
        (row,) = write(moved(purpose="x"))
        spare = LONGEST_ENTRY - len(row.leaf.encode())

        (largest,) = write(moved(purpose="x" * (spare + 1)))

        assert len(largest.leaf.encode()) == LONGEST_ENTRY
        assert read_entries(Tile(-1, 0, 1), pack_entries([largest.leaf.encode()]))
        with pytest.raises(EntryNotCanonical, match="purpose: 65536 bytes"):
            write(moved(purpose="x" * (spare + 2)))

    def test_one_subject_keeps_one_pseudonym(self) -> None:
        first, again = write(moved(subject="person:a"), moved(subject="person:a"))
        (later,) = write(moved(subject="person:a"))
        (other,) = write(moved(subject="person:b"))

        assert first.subject == again.subject == later.subject != other.subject

    def test_every_subject_has_a_salt_of_its_own(self) -> None:
        write(moved(subject="person:a"), moved(subject="person:b", actor=REVIEWER))

        salts = {bytes(name.salt) for name in Pseudonym.objects.all()}
        assert len(salts) == 3
        assert all(len(salt) == 16 for salt in salts)

    def test_details_stand_elsewhere_under_their_digest(self) -> None:
        (row,) = write(moved(details={"reason": "证明已过期", "tries": 2}))

        kept = EntryDetails.objects.get(pk=row.pk)
        assert kept.body == {"reason": "证明已过期", "tries": 2}
        assert "证明已过期" not in row.leaf
        assert read_leaf(row.leaf)["details"] == details_digest(
            '{"reason":"证明已过期","tries":2}', bytes(kept.salt)
        )

    def test_an_entry_without_details_keeps_none(self) -> None:
        (row,) = write(moved())

        assert read_leaf(row.leaf)["details"] == ""
        assert not EntryDetails.objects.exists()

    def test_refuses_to_write_outside_a_transaction(self, monkeypatch) -> None:
        monkeypatch.setattr(connections["default"], "in_atomic_block", False)

        with pytest.raises(NotInTransaction):
            record(moved(), at=NOON)

    def test_refuses_an_event_that_the_format_does_not_know(self) -> None:
        with pytest.raises(UnknownEventType):
            write(Entry(type="case.eaten"))

    def test_one_bad_entry_refuses_them_all(self) -> None:
        with pytest.raises(EntryNotCanonical, match=r"details\.share"):
            write(moved(), moved(details={"share": 0.5}))

        assert not LogEntry.objects.exists()

    def test_refuses_a_naive_time_before_it_writes(self) -> None:
        with pytest.raises(EntryNotCanonical, match="at:"), transaction.atomic():
            record(moved(), at=NOON.replace(tzinfo=None))

        assert not LogEntry.objects.exists()

    def test_no_entries_ask_nothing_of_the_database(
        self, django_assert_num_queries
    ) -> None:
        with django_assert_num_queries(0):
            record_many([], at=NOON)

    def test_the_number_of_statements_does_not_grow(self) -> None:
        def statements(count: int, prefix: str) -> int:
            entries = [
                moved(subject=f"person:{prefix}{number}", details={"n": number})
                for number in range(count)
            ]
            with CaptureQueriesContext(
                connection,
            ) as captured:
                record_many(entries, at=NOON)
            return len(captured)

        assert statements(1200, "many") == statements(300, "fewer") <= 8


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_meeting_the_same_subject_first_they_share_its_pseudonym(self) -> None:
        together = threading.Barrier(2)

        def work() -> None:
            together.wait(timeout=20)
            with transaction.atomic():
                record_many([moved(subject="person:a", actor=SYSTEM)] * 20, at=NOON)
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert LogEntry.objects.count() == 40
        assert LogEntry.objects.values("subject").distinct().count() == 1
