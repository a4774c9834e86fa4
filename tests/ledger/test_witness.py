"""What a witness promises, whether it is a folder or a process somewhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command

from services.ledger import note
from services.ledger.check import check_log
from services.ledger.http_witness import LARGEST_ANSWER, HttpWitness, WitnessAway
from services.ledger.models import Checkpoint
from services.ledger.note import COSIGNATURE, Ed25519Signer, cosigned_at
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import LogInconsistent, sign_newest
from services.ledger.signing import log_signer
from services.ledger.verify import main as verify
from services.ledger.witness import (
    FolderWitness,
    Witness,
    WitnessDamaged,
    log_witness,
)
from services.ledger.witnessing.cosigner import Cosigner, Reply
from services.ledger.witnessing.memory import Memory
from services.ledger.witnessing.run import Post
from services.ledger.witnessing.server import Server
from tests.clock import NOON
from tests.ledger.c2sp_reader import read_log
from tests.ledger.writing import moved, tamper, write, write_and_place

PUBLISHING = "services.ledger.operations.sign.insert_new_rows"

SECONDS = int(NOON.timestamp())
TABLES = ("logentry", "bundle", "treehead", "treenode", "checkpoint")
Open = Callable[[], Witness]


@contextmanager
def serving(cosigner: Cosigner) -> Iterator[str]:
    server = Server(("127.0.0.1", 0), cosigner)
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def cosigner_at(folder: Path) -> Cosigner:
    signer = Post(folder, "witness.example", [log_signer().key]).cosigner().signer
    logs = {log_signer().key.name: [log_signer().key]}
    memory = Memory(folder / "cosigned.sqlite3")
    return Cosigner(signer, logs, memory, clock=lambda: SECONDS)


@pytest.fixture(params=["folder", "process"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, settings) -> Iterator[Open]:
    """Give how to open the witness anew, as a process that starts again would."""
    if request.param == "folder":
        settings.WITNESS = tmp_path / "checkpoints"
        yield log_witness
        return
    cosigner = cosigner_at(tmp_path / "process")
    settings.WITNESS_KEYS = [str(cosigner.signer.key)]
    with serving(cosigner) as address:
        settings.WITNESS = address
        yield lambda: HttpWitness(address, settings.LOG_ORIGIN, [cosigner.signer.key])


def sign(witness: Witness) -> bool:
    return sign_newest(signer=log_signer(), witness=witness, now=NOON)


def size_of(text: str) -> int:
    opened = note.open_note(text, [log_signer().key])
    return note.parse_checkpoint(opened.text).size


def wipe() -> None:
    """Do what only the owner of the database can."""
    for table in TABLES:
        tamper(f"DELETE FROM ledger_{table}")


@pytest.mark.django_db
class TestContract:
    def test_at_first_it_has_seen_nothing(self, opened: Open):
        assert opened().newest() == ""

    def test_it_holds_the_newest_checkpoint_also_after_a_restart(self, opened: Open):
        witness = opened()
        for size in (0, 3, 256, 600):
            write_and_place(size - (size_of(witness.newest()) if size else 0))
            assert sign(witness)
            assert size_of(witness.newest()) == size
            assert size_of(opened().newest()) == size
        assert check_log().differences == ()

    def test_the_settings_lead_to_it(self, opened: Open):
        write_and_place(3)
        assert sign(log_witness())
        assert size_of(opened().newest()) == 3

    def test_what_it_saw_and_we_did_not_store_is_signed_again(
        self, opened: Open, monkeypatch
    ):
        write_and_place(3)

        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(PUBLISHING, die)
            with pytest.raises(KeyboardInterrupt):
                sign(opened())

        assert sign(opened())
        assert size_of(Checkpoint.objects.get().note) == 3

    def test_it_may_be_ahead_of_what_we_stored_when_the_log_grew(
        self, opened: Open, monkeypatch
    ):
        witness = opened()
        write_and_place(3)
        sign(witness)
        write_and_place(4)
        with monkeypatch.context() as broken:
            broken.setattr(PUBLISHING, lambda *_: 1)
            sign(witness)
        write_and_place(5)

        assert sign(opened())
        assert list(Checkpoint.objects.values_list("size", flat=True)) == [3, 12]

    def test_a_log_that_was_cut_off_is_refused(self, opened: Open):
        write_and_place(300)
        sign(opened())
        wipe()
        write_and_place(5)

        with pytest.raises(
            LogInconsistent, match="has seen 300 entries, the log has 5"
        ):
            sign(opened())
        assert not Checkpoint.objects.exists()

    @pytest.mark.parametrize("count", [3, 4, 300])
    def test_a_log_that_was_rewritten_is_refused(self, opened: Open, count: int):
        write_and_place(3)
        sign(opened())
        wipe()
        write(*[moved(f"X{number}") for number in range(count)])
        sequence_pending(now=NOON)

        with pytest.raises(LogInconsistent, match="does not continue what was seen"):
            sign(opened())
        assert not Checkpoint.objects.exists()


@pytest.mark.django_db
class TestProcess:
    """What only a witness over HTTP can do, or do wrong."""

    @pytest.fixture
    def cosigner(self, tmp_path: Path) -> Cosigner:
        return cosigner_at(tmp_path / "process")

    @pytest.fixture
    def witness(self, cosigner: Cosigner, settings) -> Iterator[HttpWitness]:
        with serving(cosigner) as address:
            yield HttpWitness(address, settings.LOG_ORIGIN, [cosigner.signer.key])

    def test_its_cosignature_is_stored_with_the_checkpoint(self, witness, cosigner):
        write_and_place(3)
        sign(witness)

        text = Checkpoint.objects.get().note
        keys = [log_signer().key, cosigner.signer.key]
        own, theirs = note.open_note(text, keys).signatures
        assert own.name == log_signer().key.name
        assert (theirs.name, cosigned_at(theirs)) == ("witness.example", SECONDS)

    def test_a_cosigned_log_verifies_here_and_with_a_reader_of_the_specification(
        self, witness, tmp_path
    ):
        write_and_place(300)
        sign(witness)
        folder, key = tmp_path / "export", str(log_signer().key)

        call_command("export_log", folder)

        assert verify([str(folder), "--key", key]) == 0
        read = read_log(lambda path: (folder / path).read_bytes(), key)
        assert len(read) == 300

    def test_one_that_shows_an_old_checkpoint_says_what_it_has(self, witness, cosigner):
        write_and_place(3)
        sign(witness)
        write_and_place(3)
        sign(witness)
        write_and_place(3)
        witness._newest = Checkpoint.objects.get(size=3).note

        assert sign(witness)
        assert size_of(witness.newest()) == 9

    def test_one_that_shows_nothing_still_refuses_another_log(
        self, witness, monkeypatch
    ):
        write_and_place(300)
        sign(witness)
        wipe()
        write_and_place(5)
        monkeypatch.setattr(HttpWitness, "newest", lambda _: "")

        with pytest.raises(
            LogInconsistent, match="has seen 300 entries, the log has 5"
        ):
            sign(witness)

    def test_one_that_shows_nothing_finds_a_rewritten_log_inconsistent(
        self, witness, monkeypatch
    ):
        write_and_place(3)
        sign(witness)
        wipe()
        write(*[moved(f"X{number}") for number in range(5)])
        sequence_pending(now=NOON)
        monkeypatch.setattr(HttpWitness, "newest", lambda _: "")

        with pytest.raises(LogInconsistent, match="it finds them inconsistent"):
            sign(witness)

    def test_without_an_answer_nothing_is_published(self, settings):
        write_and_place(3)
        nobody = HttpWitness("http://127.0.0.1:1", settings.LOG_ORIGIN, [])

        with pytest.raises(WitnessAway, match=r"127\.0\.0\.1:1 does not answer"):
            sign(nobody)
        assert not Checkpoint.objects.exists()

    def test_it_is_asked_again_after_it_was_away(self, witness, monkeypatch):
        write_and_place(3)
        with monkeypatch.context() as broken:
            broken.setattr(witness, "address", "http://127.0.0.1:1")
            with pytest.raises(WitnessAway):
                sign(witness)

        assert sign(witness)

    @pytest.mark.parametrize(
        ("reply", "says"),
        [
            (Reply(HTTPStatus.OK, ""), "sent no cosignature"),
            (Reply(HTTPStatus.OK, "nonsense\n"), "sent no cosignature"),
            (Reply(HTTPStatus.CONFLICT, "soon\n"), "answered 409: soon"),
            (Reply(HTTPStatus.NOT_FOUND, "who?\n"), "knows .* not: who"),
            (Reply(HTTPStatus.FORBIDDEN, "no\n"), "knows .* not: no"),
            (Reply(HTTPStatus.BAD_GATEWAY, "<h1>"), "answered 502: <h1>"),
        ],
    )
    def test_what_is_no_answer_of_a_witness_publishes_nothing(
        self, witness, monkeypatch, reply, says
    ):
        write_and_place(3)
        monkeypatch.setattr(Cosigner, "add_checkpoint", lambda *_: reply)

        with pytest.raises(WitnessAway, match=says):
            sign(witness)
        assert not Checkpoint.objects.exists()

    def test_nonsense_for_a_checkpoint_stops_it_only_while_it_is_said(
        self, witness, monkeypatch
    ):
        write_and_place(3)
        with monkeypatch.context() as broken:
            nonsense = Reply(HTTPStatus.OK, "<h1>under construction</h1>")
            broken.setattr(Cosigner, "checkpoint", lambda *_: nonsense)
            with pytest.raises(LogInconsistent, match="cannot be read"):
                sign(witness)

        assert sign(witness)

    def test_an_answer_without_end_is_none(self, witness, monkeypatch):
        write_and_place(3)
        endless = Reply(HTTPStatus.OK, "x" * (LARGEST_ANSWER + 1))
        monkeypatch.setattr(Cosigner, "add_checkpoint", lambda *_: endless)

        with pytest.raises(WitnessAway, match="no end after"):
            sign(witness)

    def test_a_cosignature_of_somebody_else_does_not_count(self, witness, tmp_path):
        write_and_place(3)
        other = Post(tmp_path / "other", "witness.example", []).cosigner().signer
        assert isinstance(other, Ed25519Signer)
        assert other.kind == COSIGNATURE
        witness.keys = [other.key]

        with pytest.raises(WitnessAway, match="no known key signed this"):
            sign(witness)
        assert not Checkpoint.objects.exists()


class TestFolder:
    def test_a_half_written_line_was_never_shown(self, tmp_path: Path):
        witness = FolderWitness(tmp_path)
        keep(witness, "first\n")
        file = next(tmp_path.iterdir())
        with file.open("a") as end:
            end.write('\n{"at": "2026-03-02T0')

        assert witness.newest() == "first\n"
        keep(witness, "second\n")
        assert witness.newest() == "second\n"

    def test_a_disk_that_takes_a_part_at_a_time_takes_all(self, tmp_path, monkeypatch):
        witness = FolderWitness(tmp_path)
        write = os.write
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda to, data: write(to, data[:7]))
            keep(witness, "first\n")

        assert witness.newest() == "first\n"

    def test_the_name_of_a_file_goes_to_the_disk_when_it_is_new(
        self, tmp_path, monkeypatch
    ):
        synced = []
        fsync = os.fsync

        def noted(handle):
            synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))
            fsync(handle)

        monkeypatch.setattr(os, "fsync", noted)
        witness = FolderWitness(tmp_path)
        keep(witness, "first\n")
        keep(witness, "second\n")
        assert synced == [False, True, False]

        next(tmp_path.iterdir()).unlink()
        keep(witness, "third\n")
        keep(FolderWitness(tmp_path), "of another process\n")
        assert synced[3:] == [False, True] * 2

    def test_a_damaged_line_is_named(self, tmp_path: Path):
        (tmp_path / "checkpoints-2026-03-02.jsonl").write_text("{broken}\n")
        with pytest.raises(WitnessDamaged, match=r"checkpoints-2026-03-02\.jsonl"):
            FolderWitness(tmp_path).newest()


def keep(witness: Witness, text: str) -> None:
    witness.keep(text, prove=lambda _: [], now=NOON)
