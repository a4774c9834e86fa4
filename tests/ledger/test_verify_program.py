"""The verifier as a program: what it needs, and that nothing makes it stumble."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.note import cosign, parse_note
from tests.ledger.exporting import (
    SIGNER,
    WITNESS,
    checkpoint,
    entries_of,
    export,
    receipt,
    verify,
)

ROOT = Path(__file__).parents[2]
SECONDS = 1_795_489_200
# Nothing else is installed: a finder refuses what these do not name.
BARE = """
import sys, runpy
THERE = {*sys.stdlib_module_names, "services", "cryptography", "cffi", "_cffi_backend"}
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in THERE:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
sys.argv[0] = "verify"
runpy.run_module("services.ledger.verify", run_name="__main__")
"""


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it in an empty environment, as anybody would who has only the files."""
    command = [sys.executable, "-c", BARE, *map(str, arguments)]
    return subprocess.run(
        [*command, "--key", str(SIGNER.key)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_runs_where_nothing_else_is_installed(tmp_path: Path):
    done = run(export(tmp_path / "log", entries_of(300)))

    assert (done.returncode, done.stderr) == (0, "")
    assert "300 entries" in done.stdout


def test_a_terminal_without_chinese_gets_it_in_escapes(tmp_path: Path):
    proof, entry = receipt(tmp_path, ['{"basis":"食品安全法"}'.encode()], 0)

    done = run("--proof", proof, "--entry", entry, PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u98df\u54c1" in done.stdout


@pytest.mark.parametrize("name", ["is_dir", "iterdir"])
def test_a_folder_that_nobody_may_read_is_named(
    tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str], name
):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, name, refuse)

    assert verify(tmp_path) == 1
    said = f"does not verify: {tmp_path} cannot be read: Permission denied\n"
    assert capsys.readouterr().err == said


def test_a_key_whose_name_is_no_text_is_refused(capsys: pytest.CaptureFixture[str]):
    key = str(SIGNER.key).replace("log.example", "log\udcff")

    assert verify("nowhere", key=key) == 1
    assert "does not verify: the verifier key is not" in capsys.readouterr().err


def test_a_witness_whose_clock_is_beyond_all_years_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = cosigned(tmp_path, seconds=2**63)

    assert verify(folder, "--witness", WITNESS.key) == 1
    assert "states no time of this world" in capsys.readouterr().err


def cosigned(folder: Path, *, seconds: int = SECONDS) -> Path:
    """Write an export that a witness has signed too."""
    export(folder, entries_of(300))
    text = checkpoint(entries_of(300))
    line = cosign(parse_note(text).text, WITNESS, seconds=seconds).line
    (folder / "checkpoint").write_text(text + line)
    return folder


@contextmanager
def damaged(file: Path, *, at: float, flip: int) -> Iterator[int]:
    """Flip bits of one byte, or cut the file there (0); yield which byte it was."""
    sound = file.read_bytes()
    place = int(at * len(sound))
    rest = bytes([sound[place] ^ flip]) + sound[place + 1 :] if flip else b""
    file.write_bytes(sound[:place] + rest)
    try:
        yield place
    finally:
        file.write_bytes(sound)


def told(*arguments: object) -> tuple[int, str]:
    """Return exit code and complaint."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = verify(*arguments)
    return code, err.getvalue()


def is_refusal(code: int, said: str) -> bool:
    """Tell whether it left with 1 and one plain line."""
    lines = said.splitlines()
    return code == 1 and len(lines) == 1 and said.startswith("does not verify: ")


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Write an export and a receipt once."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        cosigned(folder / "log")
        proof, entry = receipt(folder, entries_of(300), 77)
        assert told(folder / "log", "--witness", WITNESS.key) == (0, "")
        assert told("--proof", proof, "--entry", entry) == (0, "")
        yield folder


anywhere = {
    "at": st.floats(0, 1, exclude_max=True),
    "flip": st.integers(0, 255),
    "number": st.integers(0, 1_000),
}


@given(**anywhere)
def test_no_byte_of_an_export_can_be_flipped_or_cut(made, at, flip, number):
    log = made / "log"
    files = sorted(file for file in log.rglob("*") if file.is_file())
    file = files[number % len(files)]
    ours = len(checkpoint(entries_of(300)).encode())

    with damaged(file, at=at, flip=flip) as place:
        code, said = told(log)
        strict, also = told(log, "--witness", WITNESS.key)

    # A line of somebody whom nobody asked for proves nothing and harms nothing.
    unasked = file.name == "checkpoint" and place >= ours
    assert is_refusal(code, said) or (unasked and (code, said) == (0, ""))
    assert is_refusal(strict, also)


@given(**anywhere)
def test_no_byte_of_a_receipt_can_be_flipped_or_cut(made, at, flip, number):
    proof, entry = made / "case.tlog-proof", made / "entry"

    with damaged((proof, entry)[number % 2], at=at, flip=flip):
        code, said = told("--proof", proof, "--entry", entry)

    assert is_refusal(code, said)
