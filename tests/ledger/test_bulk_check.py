"""What is compared in bulk and what is looked at singly find the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from services.ledger import bulk_check, span_check
from services.ledger.bulk_check import doubtful
from services.ledger.check import check_log
from services.ledger.entry import pseudonym
from services.ledger.leaf_check import read_details
from services.ledger.models import Bundle, EntryDetails, LogEntry, PendingEntries
from services.ledger.operations.sequence import sequence_pending
from services.ledger.shelf import split_ids
from services.ledger.tree import leaf_hash
from tests.clock import NOON
from tests.ledger.writing import (
    REVIEWER,
    moved,
    tamper,
    wait,
    write,
    write_and_place,
)

pytestmark = pytest.mark.django_db
SET = "UPDATE ledger_logentry SET {} WHERE id = %s"


@pytest.fixture(autouse=True)
def _in_small_parts(monkeypatch) -> None:
    monkeypatch.setattr(bulk_check, "AT_ONCE", 4)


def doubts() -> list[range]:
    ids, hashes = placed()
    return list(doubtful(ids, hashes, read_details(ids)))


def placed() -> tuple[list[int], bytes]:
    rows = Bundle.objects.order_by("start").values_list("entry_ids", "hashes")
    both = [(bytes(ids), bytes(hashes)) for ids, hashes in rows]
    packed = b"".join(ids for ids, _ in both)
    return split_ids(packed), b"".join(hashes for _, hashes in both)


def found() -> list[tuple[int | None, str]]:
    return [(each.index, each.what) for each in check_log().differences]


def found_singly(monkeypatch) -> list[tuple[int | None, str]]:
    """Have every entry looked at by itself."""
    with monkeypatch.context() as patch:
        patch.setattr(
            span_check, "doubtful", lambda ids, *_: [range(len(ids))] if ids else []
        )
        return found()


class TestNothingToDoubt:
    def test_entries_of_every_kind(self) -> None:
        write(
            *[moved(f"D{n}", subject=f"person:{n % 3}") for n in range(5)],
            *[moved(actor=REVIEWER, details={"n": n, "名": "丽"}) for n in range(5)],
            moved(office="scjg", exchange="e1", outcome="FOUND", code="EXPIRED"),
            moved(purpose='办理"许可"', basis="第35条"),
        )
        sequence_pending(now=NOON)

        assert (doubts(), found()) == ([], [])

    @pytest.mark.parametrize(
        "microseconds", [0, 1, 10, 100, 120_000, 999_999, 10_000_000, 10_500_000]
    )
    def test_times_with_and_without_a_fraction(self, microseconds) -> None:
        write_and_place(2, at=NOON + timedelta(microseconds=microseconds))
        write_and_place(3, at=NOON + timedelta(seconds=30))

        assert (doubts(), found()) == ([], [])

    def test_numbers_that_were_never_used(self) -> None:
        for _ in range(3):
            write_and_place(1)
            with transaction.atomic():
                write(moved("rolled-back"))
                transaction.set_rollback(True)
        write_and_place(6)

        assert (doubts(), found()) == ([], [])

    def test_entries_that_committed_late(self) -> None:
        rows = write(*[moved(f"D{n}") for n in range(12)])
        late = rows[2:9:3]
        PendingEntries.objects.all().delete()
        wait(*[row for row in rows if row not in late])
        sequence_pending(now=NOON)
        wait(*late)
        sequence_pending(now=NOON)

        assert placed()[0] != sorted(placed()[0])
        assert (doubts(), found()) == ([], [])


class TestLookedAtSingly:
    """What is honest though it does not fit is doubted, and then found to be sound."""

    @pytest.mark.parametrize(
        "members",
        [
            {"case": "a\nb"},
            {"office": 'a"b'},
            {"code": "a\\b"},
            {"purpose": "a,b"},
            {"basis": ","},
        ],
    )
    def test_a_text_that_cannot_be_cut(self, members) -> None:
        write_and_place(6)
        write(moved(**members))
        sequence_pending(now=NOON)
        write_and_place(6)

        assert doubts() == [range(4, 8)]
        assert found() == []

    def test_an_escape_is_not_the_character_that_it_stands_for(
        self, monkeypatch
    ) -> None:
        (row,) = write(moved("a\nb"))
        sequence_pending(now=NOON)
        tamper(SET.format("\"case\" = 'a' || %s || 'nb'"), "\\", row.pk)

        assert found() == [
            (0, f"entry {row.pk}: its column case differs from its text")
        ]
        assert found_singly(monkeypatch) == found()


def change(column: str, value: object) -> Callable[[list[LogEntry]], None]:
    return lambda rows: tamper(SET.format(f'"{column}" = %s'), value, rows[5].pk)


def swap(column: str) -> Callable[[list[LogEntry]], None]:
    def swap_values(rows: list[LogEntry]) -> None:
        one, other = rows[5], rows[6]
        tamper(SET.format(f'"{column}" = %s'), getattr(other, column), one.pk)
        tamper(SET.format(f'"{column}" = %s'), getattr(one, column), other.pk)

    return swap_values


def swap_ids(rows: list[LogEntry]) -> None:
    one, other = rows[5].pk, rows[6].pk
    for new, old in [(other + 1_000, one), (one, other), (other, other + 1_000)]:
        tamper(SET.format("id = %s"), new, old)


def move_a_line(rows: list[LogEntry]) -> None:
    """Let two columns together look as two others would."""
    tamper(SET.format("\"case\" = 'D5' || %s || 'D6'"), "\n", rows[5].pk)
    tamper(SET.format("\"case\" = ''"), rows[6].pk)


def move_a_line_with_its_name(rows: list[LogEntry]) -> None:
    tamper(SET.format('"case" = %s'), 'D5"\n"case":"D6', rows[5].pk)
    tamper(SET.format("\"case\" = ''"), rows[6].pk)


def forge(text: str, instead: str) -> Callable[[list[LogEntry]], None]:
    """Change a leaf, and its hash wherever it stands below the root."""

    def forge_leaf(rows: list[LogEntry]) -> None:
        leaf = rows[5].leaf.replace(text, instead)
        assert leaf != rows[5].leaf
        digest = leaf_hash(leaf.encode())
        tamper(SET.format("leaf = %s, leaf_hash = %s"), leaf, digest, rows[5].pk)
        bundle = Bundle.objects.get()
        old = bytes(rows[5].leaf_hash)
        hashes = bytes(bundle.hashes).replace(old, digest)
        tamper("UPDATE ledger_bundle SET hashes = %s", hashes)

    return forge_leaf


def two_hashes_in_one(rows: list[LogEntry]) -> None:
    both = bytes(rows[5].leaf_hash) + bytes(rows[6].leaf_hash)
    tamper(SET.format("leaf_hash = %s"), both, rows[5].pk)
    tamper(SET.format("leaf_hash = %s"), b"", rows[6].pk)


def delete(rows: list[LogEntry]) -> None:
    tamper("DELETE FROM ledger_logentry WHERE id = %s", rows[5].pk)


def delete_some(rows: list[LogEntry]) -> None:
    for row in rows[4:8]:
        tamper("DELETE FROM ledger_logentry WHERE id = %s", row.pk)


def change_with_hash(rows: list[LogEntry]) -> None:
    leaf = rows[5].leaf.replace('"purpose":""', '"purpose":"x"')
    digest = leaf_hash(leaf.encode())
    tamper(SET.format("leaf = %s, leaf_hash = %s"), leaf, digest, rows[5].pk)


def change_what_has_no_column(rows: list[LogEntry]) -> None:
    leaf = rows[5].leaf.replace('"purpose":""', '"purpose":"x"')
    tamper(SET.format("leaf = %s"), leaf, rows[5].pk)


def renumber(rows: list[LogEntry]) -> None:
    tamper(SET.format("id = %s"), rows[-1].pk + 7, rows[5].pk)


def remove_details(rows: list[LogEntry]) -> None:
    EntryDetails.objects.filter(pk=rows[6].pk).delete()


def edit_details(rows: list[LogEntry]) -> None:
    EntryDetails.objects.filter(pk=rows[6].pk).update(body={"n": 7})


def spoil_details(rows: list[LogEntry]) -> None:
    EntryDetails.objects.filter(pk=rows[6].pk).update(body={"n": 0.5})


def swap_details(rows: list[LogEntry]) -> None:
    EntryDetails.objects.filter(pk=rows[6].pk).update(salt=b"s" * 16)


def add_details(rows: list[LogEntry]) -> None:
    EntryDetails.objects.create(entry_id=rows[5].pk, salt=b"s" * 16, body={"n": 1})


COLUMNS = ("type", "office", "case", "exchange", "subject", "actor", "outcome", "code")
HANDS = {
    **{f"{name} changed": change(name, "x") for name in COLUMNS},
    **{f"{name} emptied": change(name, "") for name in ("type", "case", "actor")},
    **{
        f"{name} with {what}": change(name, value)
        for name in ("case", "actor")
        for what, value in [("a line", "D5\n"), ("a quote", 'D5"'), ("a comma", "D5,")]
    },
    **{f"{name} swapped": swap(name) for name in ("case", "leaf", "leaf_hash")},
    "time a microsecond off": change("at", "2026-11-23 04:00:00.000001"),
    "time ten seconds off": change("at", "2026-11-23 04:00:10"),
    "hash changed": change("leaf_hash", b"\x17" * 32),
    "two hashes in one": two_hashes_in_one,
    "hash cut": change("leaf_hash", b"\x17" * 31),
    "leaf changed": change("leaf", '{"v":1}'),
    "leaf changed where no column is": change_what_has_no_column,
    "leaf emptied": change("leaf", ""),
    "leaf of two lines": change("leaf", "a\nb"),
    "ids swapped": swap_ids,
    "a line moved": move_a_line,
    "a line with its name moved": move_a_line_with_its_name,
    "leaf and hash changed": change_with_hash,
    "entry deleted": delete,
    "entries deleted": delete_some,
    "entry renumbered": renumber,
    "details removed": remove_details,
    "details changed": edit_details,
    "details spoiled": spoil_details,
    "details salted anew": swap_details,
    "details added": add_details,
    "leaf's case forged": forge('"D5"', '"D6"'),
    "leaf's time forged": forge("04:00:00.000000Z", "04:00:00.100000Z"),
    "leaf's time shortened": forge("04:00:00.000000Z", "04:00:00.000Z"),
    "leaf's time without T": forge("T04:00", " 04:00"),
    "leaf's zone written out": forge("00.000000Z", "00.000+00"),
    "leaf's time without a point": forge("00.000000Z", "000000000Z"),
    "leaf's version forged": forge('"v":1', '"v":2'),
    "leaf's name forged": forge('"basis":"",', '"other",'),
    "leaf's purpose no text": forge('"purpose":""', '"purpose"'),
    "leaf's role no text": forge('"role":"system"', '"role"'),
    "leaf's kind no text": forge('"kind":"system"', '"kind"'),
    "leaf's details forged": forge('"details":""', '"details":"ff"'),
    "leaf's details no text": forge('"details":""', '"details"'),
    "leaf broken in two": forge('"purpose":"",', '"purpose":"",\n'),
}


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_both_ways_find_the_same(hand, monkeypatch) -> None:
    rows = write(
        *[moved(f"D{n}") for n in range(6)],
        moved("D6", details={"n": 1}),
        *[moved(f"D{n}") for n in range(7, 11)],
    )
    sequence_pending(now=NOON)
    hand(rows)

    singly = found_singly(monkeypatch)

    assert singly != []
    assert found() == singly
    assert range(4, 8) in doubts() or "root over" in singly[0][1]


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ('"kind":"system"', '"kind":"system'),
        ('"role":"system"}', '"role":"system"'),
        ('"basis":""', '"basis":"'),
        ('"purpose":""', '"purpose":"'),
        ('"purpose":""', '"purposes":""'),
        ('"v":1}', '"v":2}'),
        ('"v":1}', '"v":1,"w":2}'),
        ("00.123400Z", "00.1234Z"),
        ("00.123400Z", "00.1234+00"),
        ("00.123400Z", "00.12340000Z"),
        ("T04", " 04"),
    ],
)
def test_a_leaf_in_another_form_is_doubted(text, instead) -> None:
    """Also the last of those that are compared together."""
    rows = write(
        *[moved(f"D{n}") for n in range(8)], at=NOON + timedelta(microseconds=123_400)
    )
    sequence_pending(now=NOON)
    forge(text, instead)([*rows[:5], rows[7]])

    assert doubts() == [range(4, 8)]


def test_an_id_that_two_entries_have_is_found() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL lets two rows have one key afterwards")
    rows = write(*[moved() for _ in range(6)])
    sequence_pending(now=NOON)
    tamper("ALTER TABLE ledger_logentry DROP CONSTRAINT ledger_logentry_pkey")
    tamper(SET.format("id = %s"), rows[1].pk, rows[2].pk)

    assert found() == [(2, f"entry {rows[2].pk}: it is gone")]


@pytest.mark.parametrize(
    ("column", "two_lines"),
    [
        ("case", 'D5"\n"case":"D6'),
        ("actor", 'system","v":1}\n{"actor":{"id":"system'),
        ("leaf", "{0.leaf}\n{1.leaf}"),
    ],
)
def test_two_values_in_one_and_nothing_in_the_next_are_found(column, two_lines) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL lets a column have nothing afterwards")
    rows = write_and_place(11)
    tamper(f'ALTER TABLE ledger_logentry ALTER "{column}" DROP NOT NULL')
    value = two_lines.format(*rows[5:7]) if column == "leaf" else two_lines
    tamper(SET.format(f'"{column}" = %s'), value, rows[5].pk)
    tamper(SET.format(f'"{column}" = NULL'), rows[6].pk)

    assert doubts() == [range(4, 8)]
    assert found()[0][0] == 5


@pytest.mark.parametrize("column", ["leaf", "leaf_hash", "at", *COLUMNS])
def test_a_column_of_nothing_is_found(column) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL lets a column have nothing afterwards")
    rows = write_and_place(11)
    tamper(f'ALTER TABLE ledger_logentry ALTER "{column}" DROP NOT NULL')
    tamper(SET.format(f'"{column}" = NULL'), rows[5].pk)

    assert doubts() == [range(4, 8)]
    assert found()[0][0] == 5


def test_a_pseudonym_in_place_of_another_is_found() -> None:
    rows = write(*[moved(subject="person:a") for _ in range(6)])
    sequence_pending(now=NOON)
    tamper(SET.format("subject = %s"), pseudonym("person:b", b"s" * 16), rows[5].pk)

    assert found()[0][0] == 5
