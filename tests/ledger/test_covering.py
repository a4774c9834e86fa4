"""Proofs of what the newest checkpoint covers, and where an entry is found."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.ledger import note
from services.ledger.covering import (
    NotCovered,
    consistency_proof,
    newest_checkpoint,
    place_of,
    proof_of_entry,
)
from services.ledger.models import Bundle, Checkpoint, LogEntry
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.proofs import check_consistency
from services.ledger.signing import log_signer
from services.ledger.verify import verify_receipt
from services.ledger.witness import log_witness
from tests.clock import NOON
from tests.ledger.writing import moved, write, write_and_place

pytestmark = pytest.mark.django_db


def sign() -> None:
    sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)


def stated(size: int) -> note.Checkpoint:
    text = Checkpoint.objects.get(size=size).note
    return note.parse_checkpoint(note.parse_note(text).text)


def bundle(start: int, *ids: int) -> None:
    """Put entries and a bundle there as a batch with late ones would."""
    LogEntry.objects.bulk_create(
        LogEntry(pk=pk, leaf="", leaf_hash=b"", type="", at=NOON, actor="")
        for pk in ids
    )
    packed = b"".join(pk.to_bytes(8, "big") for pk in ids)
    hashes = bytes(32 * len(ids))
    Bundle.objects.create(start=start, count=len(ids), entry_ids=packed, hashes=hashes)


def test_before_anything_is_signed_nothing_is_covered():
    (row,) = write(moved())
    assert newest_checkpoint() is None
    assert proof_of_entry(row.pk) is None
    sequence_pending(now=NOON)
    assert proof_of_entry(row.pk) is None
    sign()
    assert proof_of_entry(row.pk).index == 0


def test_each_entry_has_a_proof_that_verifies_as_a_receipt():
    write_and_place(250)
    write_and_place(300)
    sign()

    key = log_signer().key
    for index, row in enumerate(LogEntry.objects.order_by("pk")):
        proof = proof_of_entry(row.pk)
        assert (proof.index, proof.size) == (index, 550)
        assert verify_receipt(str(proof), row.leaf.encode(), key).size == 550


def test_the_proof_against_the_first_checkpoint_stays_the_same():
    rows = write_and_place(250)
    sign()
    before = [proof_of_entry(row.pk, first=True) for row in rows]
    write_and_place(300)
    sign()

    assert [proof_of_entry(row.pk, first=True) for row in rows] == before
    assert before[7].size == 250
    assert proof_of_entry(rows[7].pk).size == 550


def test_an_entry_written_after_the_checkpoint_is_not_covered_yet():
    write_and_place(3)
    sign()
    pending = write(moved())[0]
    assert proof_of_entry(pending.pk) is None
    sequence_pending(now=NOON)
    assert place_of(pending.pk) == 3
    assert proof_of_entry(pending.pk) is None


@pytest.mark.parametrize("number", [-1, 0, 999_999_999, 2**63, 2**70])
def test_an_entry_that_is_not_there_has_no_place(number: int):
    write_and_place(3)
    sign()

    assert place_of(number) is None
    assert proof_of_entry(number) is None


def test_entries_that_came_late_are_found_behind_those_that_did_not():
    bundle(0, 1, 2, 6)
    bundle(3, 3, 9)
    bundle(5, 4, 5, 12)
    for start in range(20):
        bundle(8 + start, 20 + start)
    bundle(28, 13, 19, 40, 90)
    for start in range(20):
        bundle(32 + start, 50 + start)

    order = [1, 2, 6, 3, 9, 4, 5, 12, *range(20, 40), 13, 19, 40, 90, *range(50, 70)]
    assert [place_of(pk) for pk in order] == list(range(len(order)))
    assert place_of(7) is None


def test_one_that_is_not_there_is_not_looked_for_everywhere(
    django_assert_max_num_queries,
):
    for start in range(30):
        bundle(start, 1 + start)
    with django_assert_max_num_queries(4):
        assert place_of(1_000) is None


def test_the_way_to_a_place_goes_over_the_index():
    write_and_place(1)
    with CaptureQueriesContext(connection) as asked:
        place_of(1)
    statement = asked[-1]["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # one row needs no index
            cursor.execute(f"EXPLAIN {statement}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = " ".join(map(str, cursor.fetchall()))
    assert "bundle_by_first_id" in plan


@pytest.mark.parametrize("old", [1, 3, 256, 300, 556])
def test_an_earlier_tree_is_proved_to_be_the_beginning(old: int):
    for count in (1, 2, 253, 44, 256):
        write_and_place(count)
        sign()

    check_consistency(
        old=old,
        old_root=stated(old).root,
        size=556,
        root=stated(556).root,
        proof=consistency_proof(old, 556),
    )


@pytest.mark.parametrize(("old", "size"), [(-1, 3), (2, 1), (0, 4), (4, 4)])
def test_trees_that_no_checkpoint_covers_have_no_proof(old: int, size: int):
    write_and_place(3)
    sign()
    with pytest.raises(NotCovered):
        consistency_proof(old, size)


def test_a_proof_reads_each_tile_once(django_assert_max_num_queries):
    rows = write_and_place(700)
    sign()
    with django_assert_max_num_queries(7):
        proof_of_entry(rows[300].pk)
