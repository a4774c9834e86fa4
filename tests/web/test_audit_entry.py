"""One entry of the log, and its way up to the signed root."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger import note
from services.ledger.covering import EntryProof
from services.ledger.models import EntryDetails, LogEntry
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.proofs import Range, inclusion_ranges, range_hash
from services.ledger.signing import log_signer
from services.ledger.tree import leaf_hash, root_of
from services.ledger.witness import log_witness
from services.web.auditor.way_up import draw
from tests.clock import NOON
from tests.ledger.writing import LICENCE, REVIEWER, moved, tamper, write
from tests.web.conftest import as_staff, page

LEAVES = [leaf_hash(bytes([number])) for number in range(70)]


@pytest.fixture
def auditor(staffed):
    return as_staff("auditor")


@pytest.fixture
def rows(db):
    return write(*[moved(subject=f"entity:{LICENCE}") for _ in range(6)])


def sign() -> None:
    sequence_pending(now=NOON)
    sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)


def way(browser, row: LogEntry) -> str:
    return page(browser.get(f"/audit/entries/{row.pk}/"))


class TestEntry:
    def test_shows_the_leaf_and_the_hash_that_anybody_can_recompute(
        self, auditor, rows
    ):
        shown = way(auditor, rows[0])

        leaf = rows[0].leaf.encode()
        assert hashlib.sha256(b"\0" + leaf).hexdigest() in shown
        assert "&quot;type&quot;:&quot;case.moved&quot;" in shown

    def test_an_unknown_entry_is_not_found(self, auditor):
        assert auditor.get("/audit/entries/999999/").status_code == 404

    def test_names_whom_the_look_is_about(self, auditor, rows):
        way(auditor, rows[0])

        look = LogEntry.objects.get(type="log.viewed")
        assert look.subject == rows[0].subject
        assert EntryDetails.objects.get(entry_id=look.pk).body == {"entry": rows[0].pk}

    def test_masks_people(self, auditor, db):
        (row,) = write(moved(actor=REVIEWER))

        shown = way(auditor, row)

        assert REVIEWER.name not in shown
        assert f"{REVIEWER.name[0]}*" in shown


class TestWayUp:
    def test_is_not_there_before_a_checkpoint_covers_the_entry(self, auditor, rows):
        assert "还没有检查点覆盖这一条" in way(auditor, rows[0])

    def test_ends_at_the_signed_root(self, auditor, rows):
        sign()
        root = root_of(
            [bytes(row.leaf_hash) for row in LogEntry.objects.order_by("pk")]
        )

        shown = way(auditor, rows[2])

        above = re.findall(r'data-above="(\d+)"', shown)
        assert above == [str(step) for step in range(len(above))]
        assert f'data-above="{len(above) - 1}" data-hash="{root.hex()}"' in shown
        assert "没有通向签名的树根" not in shown
        assert str(log_signer().key) in shown

    def test_says_that_an_entry_was_altered(self, auditor, rows):
        sign()
        altered = rows[2].leaf.replace("D1", "D2")
        tamper(
            "UPDATE ledger_logentry SET leaf = %s WHERE id = %s", altered, rows[2].pk
        )

        shown = way(auditor, rows[2])

        assert "没有通向签名的树根" in shown
        assert "与存储的哈希不符" in shown

    def test_says_that_the_tree_has_a_hole(self, auditor, db):
        rows = write(*[moved() for _ in range(300)])
        sign()
        tamper("DELETE FROM ledger_treenode")

        assert "存储的树有缺口" in way(auditor, rows[299])


@given(st.integers(1, len(LEAVES)), st.data())
def test_every_way_leads_to_the_root(size, data):
    index = data.draw(st.integers(0, size - 1))

    drawn = draw(LEAVES[index], proof_of(index, size))

    assert drawn.holds
    assert drawn.root.leaves == Range(0, size)
    assert drawn.root.hash == root_of(LEAVES[:size]).hex()
    for step in drawn.steps:
        covered = LEAVES[step.sibling.leaves.start : step.sibling.leaves.end]
        assert step.sibling.hash == root_of(covered).hex()


def proof_of(index: int, size: int) -> EntryProof:
    def node_at(height: int, number: int) -> bytes:
        return root_of(LEAVES[number << height : (number + 1) << height])

    ranges = inclusion_ranges(index=index, size=size)
    hashes = tuple(range_hash(each, node_at) for each in ranges)
    head = note.Checkpoint("example.org/log", size, root_of(LEAVES[:size]))
    return EntryProof(index, size, hashes, f"{head.text}\n— x AAAAAAA=\n")
