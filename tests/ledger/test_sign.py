"""Signing: the witness first, nothing inconsistent, and a crash changes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError

from services.ledger import note
from services.ledger.check import check_log
from services.ledger.models import Checkpoint, LogEntry, TreeHead, TreeNode
from services.ledger.note import Ed25519Signer
from services.ledger.operations import note_key
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import LogInconsistent, sign_newest
from services.ledger.queries import entry
from services.ledger.signing import LogKeyUnusable, log_signer
from services.ledger.tree import EMPTY_ROOT
from services.ledger.verify import main as verify
from services.ledger.witness import log_witness
from tests.clock import NOON
from tests.ledger.c2sp_reader import read_log
from tests.ledger.writing import moved, tamper, write, write_and_place

PUBLISHING = "services.ledger.operations.sign.insert_new_rows"

pytestmark = pytest.mark.django_db


def sign() -> bool:
    return sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)


def stated(text: str) -> note.Checkpoint:
    opened = note.open_note(text, [log_signer().key])
    return note.parse_checkpoint(opened.text)


def test_the_newest_head_is_signed_once_and_kept_outside():
    write_and_place(3)

    assert sign()
    assert not sign()

    head = TreeHead.objects.get()
    signed = stated(Checkpoint.objects.get().note)
    assert signed == (settings.LOG_ORIGIN, 3, bytes(head.root))
    assert log_witness().newest() == Checkpoint.objects.get().note


def test_an_empty_log_is_signed_once_as_such():
    assert sign()
    assert not sign()

    assert stated(Checkpoint.objects.get().note)[1:] == (0, EMPTY_ROOT)
    assert check_log().differences == ()
    write_and_place(3)
    assert sign()
    assert check_log().differences == ()


def test_a_log_that_was_emptied_is_not_signed():
    write_and_place(3)
    sign()
    for table in ("logentry", "bundle", "treehead", "checkpoint"):
        tamper(f"DELETE FROM ledger_{table}")

    with pytest.raises(LogInconsistent, match="has seen 3 entries, the log has 0"):
        sign()


def test_a_log_that_grew_is_signed_again():
    for _ in range(4):
        write_and_place(150)
        assert sign()

    assert list(Checkpoint.objects.values_list("size", flat=True)) == [
        150,
        300,
        450,
        600,
    ]
    assert TreeNode.objects.count() == 2
    assert check_log().differences == ()


def rewrite(count: int) -> None:
    write(*[moved(f"X{number}") for number in range(count)])
    sequence_pending(now=NOON)


class Crash(Exception):
    pass


def test_a_crash_after_the_witness_saw_it_is_made_good(monkeypatch):
    write_and_place(3)

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(PUBLISHING, crash)
        with pytest.raises(Crash):
            sign()
    assert stated(log_witness().newest()).size == 3
    assert not Checkpoint.objects.exists()

    assert sign()
    assert check_log().differences == ()


def test_a_crash_before_the_witness_kept_it_publishes_nothing(monkeypatch):
    write_and_place(3)

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr("services.ledger.witness.os.fsync", full)
        with pytest.raises(OSError, match="no space"):
            sign()

    assert not Checkpoint.objects.exists()
    assert sign()


def test_a_log_that_was_cut_off_is_not_signed():
    write_and_place(300)
    sign()
    for table in ("logentry", "bundle", "treehead", "treenode", "checkpoint"):
        tamper(f"DELETE FROM ledger_{table}")
    write_and_place(5)

    with pytest.raises(LogInconsistent, match="has seen 300 entries, the log has 5"):
        sign()
    assert not Checkpoint.objects.exists()


def test_a_log_that_was_rewritten_is_not_signed():
    write_and_place(300)
    sign()
    for table in ("logentry", "bundle", "treehead", "treenode", "checkpoint"):
        tamper(f"DELETE FROM ledger_{table}")
    rewrite(301)

    with pytest.raises(LogInconsistent, match="does not continue"):
        sign()
    assert not Checkpoint.objects.exists()


def test_a_rewritten_log_of_the_same_size_is_not_signed():
    write_and_place(3)
    sign()
    for table in ("logentry", "bundle", "treehead", "checkpoint"):
        tamper(f"DELETE FROM ledger_{table}")
    rewrite(3)

    with pytest.raises(LogInconsistent, match="another root of the old tree"):
        sign()


def test_a_rewritten_log_is_not_signed_though_the_witness_forgot(settings, tmp_path):
    write_and_place(3)
    sign()
    for table in ("logentry", "bundle", "treehead"):
        tamper(f"DELETE FROM ledger_{table}")
    rewrite(5)
    settings.WITNESS = tmp_path / "another"

    with pytest.raises(LogInconsistent, match="does not continue what was seen"):
        sign()


def test_a_head_that_its_hashes_do_not_lead_to_is_not_signed():
    write_and_place(3)
    tamper("UPDATE ledger_treehead SET root = %s", bytes(32))

    with pytest.raises(LogInconsistent, match="hashes of 3 entries have another root"):
        sign()


def test_a_head_whose_hashes_are_gone_is_not_signed():
    write_and_place(300)
    tamper("DELETE FROM ledger_treenode")
    write_and_place(1)

    with pytest.raises(LogInconsistent, match=r"tile/1/000\.p/1 has 0 bytes"):
        sign()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE ledger_checkpoint SET note = replace(note, 'example', 'sample')",
            "checkpoint 300: the signature|checkpoint 300: no known key",
        ),
        ("UPDATE ledger_checkpoint SET size = 299", "states a size of 300"),
        ("UPDATE ledger_treenode SET number = 7", "node 0 of level 1 is missing"),
        ("DELETE FROM ledger_treenode", "node 0 of level 1 is missing"),
    ],
)
def test_fsck_names_what_was_done_to_checkpoints_and_nodes(statement: str, says: str):
    write_and_place(300)
    sign()
    assert check_log().differences == ()

    tamper(statement)

    found = " ".join(map(str, check_log().differences))
    assert any(each in found for each in says.split("|")), found


def test_fsck_finds_a_log_that_the_witness_does_not_know():
    write_and_place(300)
    sign()
    for table in ("logentry", "bundle", "treehead", "treenode", "checkpoint"):
        tamper(f"DELETE FROM ledger_{table}")
    rewrite(300)

    found = " ".join(map(str, check_log().differences))

    assert "the witness's checkpoint states another root over 300 entries" in found


def test_another_key_does_not_sign_what_the_first_began():
    write_and_place(3)
    sign()
    write_and_place(3)
    other = Ed25519Signer(settings.LOG_ORIGIN, Ed25519PrivateKey.generate())

    with pytest.raises(LogInconsistent, match="no known key signed this"):
        sign_newest(signer=other, witness=log_witness(), now=NOON)


def test_a_file_that_holds_no_key_is_named(tmp_path: Path, monkeypatch):
    file = tmp_path / "key.pem"
    file.write_text("nonsense")
    monkeypatch.setattr(settings, "LOG_KEY", file)
    with pytest.raises(LogKeyUnusable, match=r"key\.pem"):
        log_signer()


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_the_export_verifies_here_and_with_a_reader_of_the_specification(
    tmp_path: Path, size: int
):
    write_and_place(size)
    sign()
    folder, key = tmp_path / "export", str(log_signer().key)

    call_command("export_log", folder)

    assert verify([str(folder), "--key", key]) == 0
    entries = read_log(lambda path: (folder / path).read_bytes(), key)
    rows = LogEntry.objects.filter(type="case.moved").order_by("pk")
    assert entries == [leaf.encode() for leaf in rows.values_list("leaf", flat=True)]


def test_an_export_of_a_log_with_a_hole_says_so(tmp_path: Path):
    write_and_place(3)
    sign()
    tamper("DELETE FROM ledger_logentry")

    with pytest.raises(CommandError, match=r"entries/000.*fsck_log"):
        call_command("export_log", tmp_path / "export")

    assert not (tmp_path / "export" / "checkpoint").exists()


def test_an_export_is_carried_on_from_an_earlier_checkpoint(tmp_path: Path):
    folder, key = tmp_path / "export", str(log_signer().key)
    write_and_place(300)
    sign()
    call_command("export_log", folder)
    old = tmp_path / "old"
    old.write_bytes((folder / "checkpoint").read_bytes())
    untouched = folder / "tile/0/000"
    untouched_at = untouched.stat().st_mtime_ns
    write(moved(), moved())
    sequence_pending(now=NOON)
    sign()

    call_command("export_log", folder, since=old)

    assert verify([str(folder), "--key", key, "--old", str(old)]) == 0
    assert untouched.stat().st_mtime_ns == untouched_at


def test_a_clock_gone_back_a_day_hides_no_newer_checkpoint():
    write_and_place(3)
    sign()
    write_and_place(2)

    sign_newest(
        signer=log_signer(), witness=log_witness(), now=NOON - timedelta(days=1)
    )

    assert stated(log_witness().newest()).size == 5


def test_a_key_is_made_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(settings, "LOG_KEY", tmp_path / "new" / "key.pem")

    call_command("make_log_key")
    call_command("make_log_key")

    first, second = capsys.readouterr().out.split()
    assert first == second == str(log_signer().key)
    line = entry(LogEntry.objects.get(type="key.created").pk)
    assert line.details == {"key": first}


def test_a_key_is_made_where_nobody_can_note_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(settings, "LOG_KEY", tmp_path / "key.pem")
    monkeypatch.setattr(note_key, "record", refuse)

    call_command("make_log_key")

    told = capsys.readouterr()
    assert told.out.split() == [str(log_signer().key)]
    assert "not noted in the log: read-only" in told.err


def refuse(*_args: object, **_how: object) -> None:
    raise OperationalError("read-only")
