"""The witness process: what C2SP tlog-witness lets it answer, and what it remembers."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.ledger.note import (
    COSIGNATURE,
    Checkpoint,
    Ed25519Signer,
    Note,
    cosign,
    cosigned_at,
    encode,
    open_note,
    parse_checkpoint,
    parse_key,
    parse_note,
    sign_note,
)
from services.ledger.proofs import consistency_ranges, range_hash
from services.ledger.tree import leaf_hash, root_of
from services.ledger.witnessing.cosigner import Cosigner
from services.ledger.witnessing.memory import Memory
from services.ledger.witnessing.run import main
from services.ledger.witnessing.server import LARGEST_REQUEST, Server
from services.ledger.witnessing.submission import written

ROOT = Path(__file__).parents[2]
SECONDS = 1_795_406_400
LOG = Ed25519Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
OTHER = Ed25519Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"2" * 32))
UNKNOWN = Ed25519Signer("else.example", Ed25519PrivateKey.from_private_bytes(b"3" * 32))
WITNESS = Ed25519Signer(
    "witness.example", Ed25519PrivateKey.from_private_bytes(b"4" * 32), COSIGNATURE
)
LEAVES = [leaf_hash(b"%d" % number) for number in range(300)]
FORGED = [leaf_hash(b"x%d" % number) for number in range(300)]


def signed(size: int, *, leaves=LEAVES, signer=LOG, root: bytes | None = None) -> str:
    head = Checkpoint(signer.name, size, root or root_of(leaves[:size]))
    return str(sign_note(head.text, signer))


def proof(old: int, size: int, leaves=LEAVES) -> tuple[bytes, ...]:
    def node_at(height: int, index: int) -> bytes:
        return root_of(leaves[index << height : (index + 1) << height])

    ranges = consistency_ranges(old=old, size=size)
    return tuple(range_hash(each, node_at) for each in ranges)


def request(old: int, size: int, leaves=LEAVES, **options) -> bytes:
    note = signed(size, leaves=leaves, **options)
    return written(old, proof(old, size, leaves), note).encode()


@pytest.fixture
def cosigner(tmp_path: Path) -> Cosigner:
    return witness_at(tmp_path)


def witness_at(folder: Path) -> Cosigner:
    memory = Memory(folder / "cosigned.sqlite3")
    logs = {"log.example": [LOG.key]}
    return Cosigner(WITNESS, logs, memory, clock=lambda: SECONDS + 0.9)


def test_a_log_that_grows_is_cosigned_with_the_time(cosigner):
    for old, size in [(0, 0), (0, 3), (3, 3), (3, 256), (256, 257), (257, 300)]:
        reply = cosigner.add_checkpoint(request(old, size))

        assert reply.status == 200
        opened = open_note(signed(size) + reply.body, [LOG.key, WITNESS.key])
        assert [each.name for each in opened.signatures] == [LOG.name, WITNESS.name]
        assert cosigned_at(opened.signatures[1]) == SECONDS


def test_what_it_cosigned_is_read_by_the_hash_of_the_origin(cosigner):
    address = sha256(b"log.example").hexdigest()
    assert cosigner.checkpoint(address).status == 404

    line = cosigner.add_checkpoint(request(0, 3)).body

    assert cosigner.checkpoint(address) == (200, signed(3) + line, ANY_TEXT)
    assert cosigner.checkpoint(sha256(b"else.example").hexdigest()).status == 404


ANY_TEXT = "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "does not begin with an old size"),
        (b"\xff\xfe", 400, "no text"),
        (b"old 3\n", 400, "does not begin with an old size"),
        (b"old 03\n\n" + signed(3).encode(), 400, "does not begin with an old size"),
        (b"old -3\n\n" + signed(3).encode(), 400, "does not begin with an old size"),
        (b"new 3\n\n" + signed(3).encode(), 400, "does not begin with an old size"),
        (b"old 3\nnonsense\n\n" + signed(3).encode(), 400, "a hash of the proof"),
        (b"old 3\nAAAA\n\n" + signed(3).encode(), 400, "does not have 32 bytes"),
        (
            written(3, (bytes(32),) * 64, signed(10)).encode(),
            400,
            "64 lines, more than 63",
        ),
        (b"old 3\n\nlog.example\n3\n", 400, "the note"),
        (
            b"old 0\n\n" + str(sign_note("log.example\n3\n", LOG)).encode(),
            400,
            "origin",
        ),
        (written(0, (), signed(2**63, root=bytes(32))).encode(), 400, "as large"),
        (written(7, (), signed(3)).encode(), 400, "above the checkpoint's 3"),
        (request(3, 10, signer=UNKNOWN), 404, "else.example is no log known"),
        (request(3, 10, signer=OTHER), 403, "no known key signed this"),
        (
            request(3, 10).replace(b"\n10\n", b"\n11\n"),
            403,
            "the signature of log.example does not fit",
        ),
        (request(2, 10), 409, "3"),
        (request(0, 10), 409, "3"),
        (request(3, 3, leaves=FORGED), 422, "another root"),
        (request(3, 10, leaves=FORGED), 422, "another root"),
        (written(3, (), signed(10)).encode(), 422, "the proof"),
        (written(3, proof(3, 10)[:-1], signed(10)).encode(), 422, "the proof"),
        (written(3, proof(4, 10), signed(10)).encode(), 422, "the proof"),
        (written(3, proof(3, 10), signed(3)).encode(), 422, "nothing has to be proved"),
    ],
)
def test_what_it_does_not_cosign_it_says_and_forgets(cosigner, body, status, says):
    first = cosigner.add_checkpoint(request(0, 3)).body

    reply = cosigner.add_checkpoint(body)

    assert reply.status == status
    assert says in reply.body
    stands = cosigner.checkpoint(sha256(b"log.example").hexdigest()).body
    assert stands == signed(3) + first


def test_a_conflict_states_the_size_and_nothing_else(cosigner):
    cosigner.add_checkpoint(request(0, 3))

    reply = cosigner.add_checkpoint(request(0, 10))

    assert reply == (409, "3\n", "text/x.tlog.size")


def test_a_first_proof_has_to_be_empty_and_so_has_an_empty_tree_its_root(cosigner):
    with_proof = written(0, (bytes(32),), signed(3)).encode()
    assert cosigner.add_checkpoint(with_proof).status == 422
    false_root = written(0, (), signed(0, root=bytes(range(32)))).encode()
    assert cosigner.add_checkpoint(false_root).status == 422


def test_signatures_of_others_are_neither_judged_nor_kept(cosigner):
    note = parse_note(signed(3))
    others = cosign(note.text, UNKNOWN, seconds=1), *note.signatures
    body = written(0, (), str(Note(note.text, others))).encode()

    reply = cosigner.add_checkpoint(body)

    assert reply.status == 200
    kept = cosigner.checkpoint(sha256(b"log.example").hexdigest()).body
    assert kept == signed(3) + reply.body


def test_it_remembers_over_a_restart(tmp_path: Path):
    witness_at(tmp_path).add_checkpoint(request(0, 3))

    again = witness_at(tmp_path)

    assert again.add_checkpoint(request(0, 10)).status == 409
    assert again.add_checkpoint(request(3, 10)).status == 200


def test_two_at_once_never_go_back(cosigner):
    cosigner.add_checkpoint(request(0, 3))
    replies: list[int] = []
    sizes = range(4, 24)
    asked = [
        Thread(
            target=lambda size=size: replies.append(
                cosigner.add_checkpoint(request(3, size)).status
            )
        )
        for size in sizes
    ]
    for each in asked:
        each.start()
    for each in asked:
        each.join()

    assert sorted(replies) == [200] + [409] * (len(sizes) - 1)


def test_a_turn_is_nobody_elses(tmp_path, monkeypatch):
    monkeypatch.setattr("services.ledger.witnessing.memory.PATIENCE_S", 0)
    cosigner, memory = witness_at(tmp_path), Memory(tmp_path / "cosigned.sqlite3")

    with memory.turn():
        replies = [
            cosigner.add_checkpoint(request(0, 3)),
            cosigner.checkpoint(sha256(b"log.example").hexdigest()),
        ]

    assert [reply.status for reply in replies] == [503, 503]
    assert "cannot remember anything just now: database is locked" in replies[0].body
    assert cosigner.add_checkpoint(request(0, 3)).status == 200


def test_nobody_is_told_before_it_is_kept(cosigner, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("services.ledger.witnessing.memory.Turn.keep", full)
        reply = cosigner.add_checkpoint(request(0, 3))
    assert (reply.status, "disk full" in reply.body) == (503, True)
    assert cosigner.add_checkpoint(request(0, 3)).status == 200


class TestServer:
    @pytest.fixture
    def line(self, cosigner) -> Iterator[http.client.HTTPConnection]:
        server = Server(("127.0.0.1", 0), cosigner)
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        connection = http.client.HTTPConnection(*server.server_address, timeout=5)
        yield connection
        connection.close()
        server.shutdown()
        server.server_close()
        thread.join()

    @staticmethod
    def ask(line, method: str, path: str, body: bytes | None = None, **headers):
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()

    def test_one_connection_carries_many_requests(self, line):
        before = self.ask(line, "POST", "/add-checkpoint", request(0, 3))
        socket = line.sock
        conflict = self.ask(line, "POST", "/add-checkpoint", request(0, 3))
        after = self.ask(line, "POST", "/add-checkpoint", request(3, 10))
        kept = self.ask(
            line, "GET", f"/{sha256(b'log.example').hexdigest()}/checkpoint"
        )

        assert (before[0], conflict, after[0]) == (
            200,
            (409, "text/x.tlog.size", "3\n"),
            200,
        )
        assert line.sock is socket
        assert parse_checkpoint(parse_note(kept[2]).text).size == 10

    def test_says_who_it_is(self, line):
        assert self.ask(line, "GET", "/")[2] == f"{WITNESS.key}\n"

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/add-checkpoint"), ("POST", "/"), ("GET", "/log.example/checkpoint")],
    )
    def test_there_is_nothing_elsewhere(self, line, method, path):
        assert self.ask(line, method, path, b"" if method == "POST" else None)[0] == 404

    def test_what_is_too_large_is_not_read(self, line):
        line.putrequest("POST", "/add-checkpoint")
        line.putheader("Content-Length", str(LARGEST_REQUEST + 1))
        line.endheaders()

        assert line.getresponse().status == 400


class TestProcess:
    def test_serves_until_it_is_told_to_stop(self, tmp_path: Path):
        command = [sys.executable, "-m", "services.ledger.witnessing"]
        command += ["--folder", str(tmp_path), "--port", "0", "--log", str(LOG.key)]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},  # no settings of ours
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            said = process.stdout.readline().split()
            key = parse_key(said[2])
            line = http.client.HTTPConnection(said[1].partition("//")[2], timeout=5)
            answer = TestServer.ask(line, "POST", "/add-checkpoint", request(0, 3))
            line.close()
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=10)

        assert code == 0
        assert key.kind == COSIGNATURE
        assert open_note(signed(3) + answer[2], [key]).signatures[0].name == key.name
        assert (tmp_path / "key.pub").read_text() == f"{key}\n"
        assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["--log", "nonsense"], "verifier key"),
            (["--log", str(WITNESS.key)], "no key of a log"),
            (["--name", "a b"], "neither spaces nor plus"),
        ],
    )
    def test_what_it_cannot_serve_it_says(self, tmp_path, capsys, options, says):
        arguments = ["--folder", str(tmp_path), "--port", "0", *options]

        with pytest.raises(SystemExit) as ended:
            main(arguments)

        assert ended.value.code == 1
        said = capsys.readouterr().err
        assert says in said
        assert said.startswith("the witness cannot serve: ")


def test_hashes_travel_in_base_64(cosigner):
    lines = request(3, 10).decode().split("\n")
    assert lines[0] == "old 3"
    assert lines[1] == encode(proof(3, 10)[0])
