"""The verifier: what it accepts, and how it names what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.ledger.note import Checkpoint, cosign, parse_note, parse_proof, sign_note
from services.ledger.tiles import Tile, pack_entries
from services.ledger.tree import root_of
from tests.ledger.c2sp_reader import read_log
from tests.ledger.exporting import (
    ELSEWHERE,
    OTHER,
    SIGNER,
    WITNESS,
    checkpoint,
    entries_of,
    export,
    put,
    receipt,
    verify,
)

SIZES = [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 100_003]


@pytest.mark.parametrize("size", SIZES)
def test_an_honest_export_verifies_here_and_with_a_reader_of_the_specification(
    tmp_path: Path, size: int
):
    entries = entries_of(size)
    folder = export(tmp_path / "log", entries)

    assert verify(folder) == 0
    assert verify(folder, "--without-entries") == 0
    fetch: Callable[[str], bytes] = lambda path: (folder / path).read_bytes()  # noqa: E731
    assert read_log(fetch, str(SIGNER.key)) == entries


@pytest.mark.parametrize(
    ("old", "size"), [(0, 0), (0, 3), (255, 600), (256, 600), (600, 600)]
)
def test_an_earlier_checkpoint_is_the_beginning(tmp_path: Path, old: int, size: int):
    folder = export(tmp_path / "log", entries_of(size))
    earlier = tmp_path / "old"
    earlier.write_text(checkpoint(entries_of(old)))

    assert verify(folder, "--old", earlier) == 0


def cut_tile(folder: Path) -> None:
    file = folder / "tile/0/000"
    file.write_bytes(file.read_bytes()[:-1])


def cut_bundle(folder: Path) -> None:
    file = folder / "tile/entries/001.p/44"
    file.write_bytes(file.read_bytes()[:-1])


def drop_tile(folder: Path) -> None:
    (folder / "tile/1/000.p/1").unlink()


def mix_bundles(folder: Path) -> None:
    put(folder, Tile(-1, 0), pack_entries(entries_of(256, ',"x":1')))


def mix_tiles_and_bundles(folder: Path) -> None:
    put(folder, Tile(1, 0, 1), bytes(32))


def rewrite_all(folder: Path) -> None:
    old = (folder / "checkpoint").read_text()
    export(folder, entries_of(300, ',"x":1'))
    (folder / "checkpoint").write_text(old)


def forge_size(folder: Path) -> None:
    file = folder / "checkpoint"
    file.write_text(file.read_text().replace("\n300\n", "\n299\n"))


def sign_with_another_key(folder: Path) -> None:
    (folder / "checkpoint").write_text(checkpoint(entries_of(300), OTHER))


def other_log(folder: Path) -> None:
    head = Checkpoint("elsewhere.example", 0, root_of([]))
    (folder / "checkpoint").write_text(str(sign_note(head.text, SIGNER)))


def binary_checkpoint(folder: Path) -> None:
    (folder / "checkpoint").write_bytes(b"\xff\xfe")


def empty(folder: Path) -> None:
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (cut_tile, "tile/0/000 has 8191 bytes instead of 8192"),
        (cut_bundle, "tile/entries/001.p/44 is cut off in entry 43"),
        (drop_tile, "tile/1/000.p/1 cannot be read: No such file"),
        (mix_bundles, "tile/0/000 has another hash at index 0"),
        (mix_tiles_and_bundles, "tile/1/000.p/1 has another hash at node 0"),
        (rewrite_all, "the first 300 entries have the root"),
        (forge_size, "the signature of log.example does not fit the text"),
        (sign_with_another_key, "no known key signed this; it names log.example"),
        (other_log, "the checkpoint is of the log elsewhere.example"),
        (binary_checkpoint, "checkpoint is no text"),
        (empty, "is empty: there is nothing to verify"),
    ],
)
def test_what_does_not_hold_is_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path], None],
    says: str,
):
    folder = export(tmp_path / "log", entries_of(300))
    damage(folder)

    assert verify(folder) == 1
    said = capsys.readouterr()
    assert says in said.err
    assert said.err.startswith("does not verify: ")
    assert said.err.count("\n") == 1


def test_a_missing_folder_and_a_bad_key_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert verify(tmp_path / "nowhere") == 1
    assert "is no folder" in capsys.readouterr().err
    assert verify(tmp_path, key="nonsense") == 1
    assert "verifier key" in capsys.readouterr().err
    folder = export(tmp_path / "log", entries_of(3))
    assert verify(folder, key=ELSEWHERE.key) == 1
    assert "no known key signed this" in capsys.readouterr().err


def test_a_log_that_was_cut_off_or_rewritten_since_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = export(tmp_path / "log", entries_of(300))
    longer, other = tmp_path / "longer", tmp_path / "other"
    longer.write_text(checkpoint(entries_of(301)))
    other.write_text(checkpoint(entries_of(200, ',"x":1')))

    assert verify(folder, "--old", longer) == 1
    assert "this one only 300: the log was cut off" in capsys.readouterr().err
    assert verify(folder, "--old", other) == 1
    assert "the first 200 entries have the root" in capsys.readouterr().err


def test_a_receipt_verifies_and_another_entry_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    proof, entry = receipt(tmp_path, entries_of(300), 77)

    assert verify("--proof", proof, "--entry", entry) == 0
    assert "one of the 300 that were signed" in capsys.readouterr().out
    entry.write_bytes(b"another")
    assert verify("--proof", proof, "--entry", entry) == 1
    assert "leads to another root" in capsys.readouterr().err


def test_a_receipt_may_bring_its_entry_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    entries = entries_of(300)
    bare, entry = receipt(tmp_path, entries, 77)
    stated = parse_proof(bare.read_text())
    whole, edited = tmp_path / "whole.tlog-proof", tmp_path / "edited.tlog-proof"
    whole.write_text(str(replace(stated, extra=entry.read_bytes())))
    edited.write_text(str(replace(stated, extra=b'{"n":78}')))

    assert verify("--proof", whole) == 0
    assert capsys.readouterr().out.startswith('{"n":77}\n')
    assert verify("--proof", edited) == 1
    assert "leads to another root" in capsys.readouterr().err
    assert verify("--proof", bare) == 1
    assert "does not hold its entry; give it with --entry" in capsys.readouterr().err


def test_a_witness_that_is_asked_for_must_have_seen_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = export(tmp_path / "log", entries_of(3))
    file, alone = folder / "checkpoint", (folder / "checkpoint").read_text()
    text = parse_note(alone).text
    file.write_text(alone + cosign(text, WITNESS, seconds=1_795_489_200).line)

    assert verify(folder, "--witness", WITNESS.key) == 0
    assert "witness.example saw this checkpoint at 2026-11-24T03:00:00Z" in (
        capsys.readouterr().out
    )
    assert verify(folder, "--witness", SIGNER.key) == 1
    assert "no witness's key (type 0x04)" in capsys.readouterr().err
    file.write_text(alone)
    assert verify(folder, "--witness", WITNESS.key) == 1
    assert "no known key signed this" in capsys.readouterr().err
