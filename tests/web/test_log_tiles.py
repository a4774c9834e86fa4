"""The log under /log/, as programs that verify it see it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from services.ledger import note
from services.ledger.exported import Export, Source, verify_export
from services.ledger.models import EntryDetails, LogEntry
from services.ledger.operations.record import record_many
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.signing import log_signer
from services.ledger.verify import main
from services.ledger.witness import log_witness
from tests.clock import NOON
from tests.ledger.c2sp_reader import read_log
from tests.ledger.writing import moved, tamper
from tests.web.conftest import as_staff

pytestmark = pytest.mark.django_db

SMALL = (0, 1, 2, 255, 256, 257)
LARGE = (65_535, 65_536, 65_537, 100_003)
AT_ONCE = 8_192
FOR_EVER = "public, max-age=31536000, immutable"


def grow(size: int) -> None:
    """Let the log have this many entries and a checkpoint over them."""
    left = size - LogEntry.objects.count()
    while left:
        step = min(left, AT_ONCE)
        with transaction.atomic():
            record_many([moved(f"D{number}") for number in range(step)], at=NOON)
        sequence_pending(now=NOON)
        left -= step
    sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)


@pytest.fixture
def public(settings) -> None:
    settings.LOG_ENTRIES_PUBLIC = True


def fetch(client: Client) -> Callable[[str], bytes]:
    def get(path: str) -> bytes:
        response = client.get(f"/log/{path}")
        assert response.status_code == 200, path
        return response.content

    return get


class Live(Source):
    """What the verifier reads, without a socket."""

    def checkpoint_text(self) -> str:
        return self.read("checkpoint").decode()

    def read(self, path: str) -> bytes:
        return fetch(Client())(path)


def exported(folder: Path, key: note.VerifierKey, *, old: str) -> list[bytes]:
    """Write the log out and read it with both readers; return its entries."""
    with transaction.atomic():
        call_command("export_log", folder)
        transaction.set_rollback(True)  # that it was exported would be one entry more
    verify_export(Export(folder), key, old=old)
    return read_log(lambda path: (folder / path).read_bytes(), str(key))


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("sizes", [SMALL, LARGE], ids=["small", "large"])
def test_live_log_and_export_verify_here_and_with_a_reader_of_the_specification(
    sizes, tmp_path: Path
):
    key, earlier = log_signer().key, ""
    for size in sizes:
        grow(size)

        live = Live()
        assert verify_export(live, key, old=earlier).size == size
        entries = read_log(fetch(Client()), str(key))
        assert len(entries) == size
        assert exported(tmp_path / str(size), key, old=earlier) == entries
        earlier = live.checkpoint_text()
    leaves = LogEntry.objects.order_by("pk").values_list("leaf", flat=True)
    assert entries == [leaf.encode() for leaf in leaves]


def test_a_checkpoint_is_text_and_kept_for_seconds_only(client):
    grow(3)

    response = client.get("/log/checkpoint")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=2"
    opened = note.open_note(response.content.decode(), [log_signer().key])
    assert note.parse_checkpoint(opened.text).size == 3


def test_hashes_are_bytes_and_kept_for_ever(client):
    grow(300)

    for path, length in (("0/000", 256), ("0/001.p/44", 44), ("1/000.p/1", 1)):
        response = client.get(f"/log/tile/{path}")
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Cache-Control"] == FOR_EVER
        assert len(response.content) == 32 * length


def test_a_partial_tile_of_an_earlier_checkpoint_is_still_there(client):
    grow(44)
    before = client.get("/log/tile/0/000.p/44").content
    grow(300)

    assert client.get("/log/tile/0/000.p/44").content == before


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(
    "path",
    [
        *("0/001.p/45", "0/002", "1/000.p/2", "1/000", "2/000.p/1", "63/000"),
        *("entries/001.p/45", "entries/002.p/1", "entries/001", "0/001"),
        *("0/000.p/0", "0/000.p/256", "0/000.p/01", "64/000", "00/000", "0/0", "0"),
        *("0/000/", "0/000.p/44/", "entries", "entries/", "entries/0", "", "x"),
        *("0/x000/000", "0/..%2F000", "0/%D9%A0%D9%A0%D9%A0", "0/000%0A", "0/-01"),
        *("0/x999/x999/x999/x999/x999/x999/999", "0/" + "x123/" * 2_000 + "000"),
        *("entries/x999/x999/x999/x999/x999/x999/999", "-1/000", "0/000.P/44"),
    ],
)
def test_what_no_checkpoint_covers_or_is_no_tile_is_not_there(client, path: str):
    grow(300)

    response = client.get(f"/log/tile/{path}")

    assert response.status_code == 404
    assert "immutable" not in response.headers.get("Cache-Control", "")


@pytest.mark.usefixtures("public")
def test_what_is_placed_and_not_signed_is_not_served(client):
    grow(2)
    with transaction.atomic():
        record_many([moved()], at=NOON)
    sequence_pending(now=NOON)

    for path in ("0/000.p/3", "entries/000.p/3"):
        assert client.get(f"/log/tile/{path}").status_code == 404
    assert client.get("/log/tile/0/000.p/2").status_code == 200


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("path", ["0/000.p/3", "entries/000.p/3"])
def test_a_hole_in_the_database_is_told_and_kept_by_nobody(client, path: str):
    grow(3)
    tamper("DELETE FROM ledger_bundle")

    response = client.get(f"/log/tile/{path}")

    assert response.status_code == 503
    assert response.headers["Cache-Control"] == "no-store"
    assert f"tile/{path}" in response.content.decode()


def test_before_anything_is_signed_nothing_is_there(client):
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/tile/0/000.p/1").status_code == 404


@pytest.mark.usefixtures("public")
def test_entries_are_compressed_for_those_who_ask(client):
    grow(3)
    plain = client.get("/log/tile/entries/000.p/3")
    packed = client.get(
        "/log/tile/entries/000.p/3", headers={"accept-encoding": "gzip"}
    )

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Cache-Control"] == FOR_EVER
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_nothing_is_changed_by_asking(client):
    grow(3)
    for path in ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"):
        assert client.post(f"/log/{path}").status_code == 405
    assert client.head("/log/checkpoint").status_code == 200


class TestWhoMayRead:
    @pytest.fixture
    def addresses(self, staffed) -> list[str]:
        """Have a signed log; return where its checkpoint, hashes and entries are."""
        grow(LogEntry.objects.count() + 3)
        while sequence_pending(now=NOON):
            pass
        sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)
        return [
            "/log/checkpoint",
            "/log/tile/0/000.p/3",
            "/log/tile/entries/000.p/3",
        ]

    def test_entries_are_for_auditors_and_each_look_is_logged(self, addresses):
        looks = LogEntry.objects.filter(type="log.viewed")
        before = looks.count()

        response = as_staff("auditor").get(addresses[2])

        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert looks.count() == before + 1
        look = looks.order_by("pk").last()
        details = EntryDetails.objects.get(entry_id=look.pk).body
        assert details == {"tile": "entries/000.p/3"}

    @pytest.mark.parametrize("who", ["reviewer-scjg", "operator", ""])
    def test_for_anybody_else_only_hashes_exist(self, addresses, who):
        browser = as_staff(who) if who else Client()

        answers = [browser.get(address).status_code for address in addresses]

        assert answers == [200, 200, 404]

    def test_a_private_log_is_for_auditors_only(self, addresses, settings):
        settings.LOG_TILES_PUBLIC = False
        auditor = as_staff("auditor")

        assert [Client().get(one).status_code for one in addresses] == [404] * 3
        assert [auditor.get(one).status_code for one in addresses] == [200] * 3
        caching = {auditor.get(one).headers["Cache-Control"] for one in addresses}
        assert caching == {"no-store"}


class TestOverASocket:
    """`python -m services.ledger.verify http://…/log`, as anybody would run it."""

    @staticmethod
    def verify(address: str, *options: str) -> int:
        return main([address, "--key", str(log_signer().key), *options])

    @pytest.mark.usefixtures("public")
    def test_the_served_log_verifies(self, live_server, capsys):
        grow(300)

        assert self.verify(f"{live_server.url}/log") == 0
        assert "300 entries, root" in capsys.readouterr().out

    def test_without_the_entries_anybody_can_check_the_hashes(
        self, live_server, capsys
    ):
        grow(300)

        assert self.verify(f"{live_server.url}/log/", "--without-entries") == 0
        assert self.verify(f"{live_server.url}/log") == 1
        assert "/log/tile/entries/000 answers 404" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("address", "says"),
        [
            ("http://127.0.0.1:1/log", "/log/checkpoint cannot be read: "),
            ("http://127.0.0.1:nonsense", "/checkpoint cannot be read: "),
            ("https://", "/checkpoint cannot be read: "),
        ],
    )
    def test_where_nothing_is_served_it_says_so(self, capsys, address, says):
        assert self.verify(address) == 1
        said = capsys.readouterr().err
        assert says in said
        assert said.count("\n") == 1

    @pytest.mark.parametrize(
        "packed",
        [b"nonsense", gzip.compress(b"x" * 9, mtime=0)[:-4], b""],
        ids=["nonsense", "cut short", "empty"],
    )
    def test_what_is_badly_compressed_does_not_verify(
        self, live_server, monkeypatch, capsys, packed
    ):
        headers = {"Content-Encoding": "gzip"}
        monkeypatch.setattr(
            "services.web.log.views._answer",
            lambda *_: HttpResponse(packed, headers=headers),
        )
        grow(1)

        assert self.verify(f"{live_server.url}/log") == 1
        assert capsys.readouterr().err.startswith("does not verify: ")
