"""Two checkpoints alone: one log or a fork, and what the hashes have to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.ledger.tiles import Tile
from tests.ledger.exporting import (
    OTHER,
    SIGNER,
    checkpoint,
    entries_of,
    export,
    put,
    verify,
)

FORGED = ',"x":1'


@pytest.fixture
def pair(tmp_path: Path):
    """Return how to write two checkpoints and what to call the verifier with."""

    def written(old: str, new: str) -> tuple[object, ...]:
        (tmp_path / "old").write_text(old)
        (tmp_path / "new").write_text(new)
        return "--old", tmp_path / "old", "--new", tmp_path / "new"

    return written


def signed(size: int, salt: str = "", signer=SIGNER) -> str:
    return checkpoint(entries_of(size, salt), signer)


def test_two_of_one_size_and_root_are_one_log(pair, capsys):
    assert verify(*pair(signed(3), signed(3))) == 0
    assert "is the beginning of the new one" in capsys.readouterr().out


def test_two_of_one_size_and_other_roots_are_a_fork(pair, capsys):
    assert verify(*pair(signed(3), signed(3, FORGED))) == 1
    said = capsys.readouterr().err
    assert "a fork: log.example signed two logs of 3 entries" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("forged", [0, 1], ids=["old", "new"])
def test_both_must_be_signed(pair, capsys, forged):
    texts = [signed(3), signed(3)]
    texts[forged] = signed(3, FORGED, OTHER)

    assert verify(*pair(*texts)) == 1
    assert "no known key signed this" in capsys.readouterr().err


def test_two_that_are_swapped_are_named(pair, capsys):
    assert verify(*pair(signed(4), signed(3))) == 1
    assert "they are swapped" in capsys.readouterr().err


def test_two_sizes_need_the_hashes(pair, capsys):
    assert verify(*pair(signed(3), signed(4))) == 1
    assert "give its folder or address" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new"), [(0, 300), (1, 2), (255, 300), (256, 600), (299, 300), (300, 700)]
)
def test_the_hashes_show_that_one_continues_the_other(pair, tmp_path, old, new):
    folder = export(tmp_path / "log", entries_of(700))

    assert verify(folder, *pair(signed(old), signed(new))) == 0
    assert verify(folder, *pair(signed(old, FORGED), signed(new))) == bool(old)


def test_only_the_tiles_that_the_proof_needs_are_read(pair, tmp_path):
    folder = export(tmp_path / "log", entries_of(1_000))
    (folder / "tile/0/000").unlink()

    assert verify(folder, *pair(signed(512), signed(1_000))) == 0


def test_what_was_rewritten_is_told_from_damaged_hashes(pair, tmp_path, capsys):
    folder = export(tmp_path / "log", entries_of(600))

    assert verify(folder, *pair(signed(300, FORGED), signed(600))) == 1
    assert "600 entries do not continue the 300" in capsys.readouterr().err
    put(folder, Tile(0, 2, 88), bytes(88 * 32))
    assert verify(folder, *pair(signed(300), signed(600))) == 1
    assert "do not lead to the new checkpoint" in capsys.readouterr().err


def test_a_copy_that_ends_earlier_is_named(pair, tmp_path, capsys):
    folder = export(tmp_path / "log", entries_of(5))

    assert verify(folder, *pair(signed(3), signed(6))) == 1
    assert "has only 5 entries of the 6" in capsys.readouterr().err


def test_a_new_one_alone_is_half_a_pair(tmp_path, capsys):
    with pytest.raises(SystemExit):
        verify("--new", tmp_path / "new")
    assert "--new belongs to an --old" in capsys.readouterr().err
