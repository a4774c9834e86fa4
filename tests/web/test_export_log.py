"""The command that writes the log out: which keys it needs, and what it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from services.accounts.models import User
from services.ledger.check import check_log
from services.ledger.models import EntryDetails, LogEntry
from services.ledger.operations import look
from services.ledger.queries import entry
from services.ledger.signing import log_signer
from services.ledger.verify import main as verify
from tests.ledger.writing import place_and_sign, write_and_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def public_only(settings, tmp_path: Path) -> Path:
    """Have a signed log and then only its public key; return where a key would be."""
    write_and_place(3)
    place_and_sign()
    settings.LOG_VERIFIER_KEY = str(log_signer().key)
    settings.LOG_KEY = tmp_path / "nowhere" / "key.pem"
    return settings.LOG_KEY


@pytest.mark.parametrize("local", [True, False])
def test_who_has_only_the_public_key_may_export_and_check(
    public_only, settings, tmp_path: Path, capsys, local
):
    settings.LOCAL = local
    folder, key = tmp_path / "export", settings.LOG_VERIFIER_KEY

    call_command("export_log", folder, print_key=True)
    call_command("export_log", folder, since=folder / "checkpoint")

    assert key in capsys.readouterr().out.splitlines()
    assert verify([str(folder), "--key", key]) == 0
    assert check_log().differences == ()
    assert not public_only.exists()


@pytest.mark.parametrize("options", [{"print_key": True}, {"since": "checkpoint"}])
def test_without_any_key_the_export_says_which_is_missing(
    public_only, settings, tmp_path: Path, options
):
    settings.LOCAL, settings.LOG_VERIFIER_KEY = False, ""
    folder = tmp_path / "export"
    call_command("export_log", folder)
    if "since" in options:
        options = {"since": folder / "checkpoint"}

    with pytest.raises(CommandError, match=r"key\.pem"):
        call_command("export_log", folder, **options)


def test_an_earlier_checkpoint_that_is_no_text_is_named(tmp_path: Path):
    place_and_sign()
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")

    with pytest.raises(CommandError, match="binary"):
        call_command("export_log", tmp_path / "export", since=binary)


class TestWhatIsNoted:
    @pytest.fixture(autouse=True)
    def _signed(self) -> None:
        User.objects.create_user("zhao", display_name="赵敏")
        write_and_place(3)
        place_and_sign()

    def test_it_is_in_the_log_what_was_written_and_that_a_process_did(self, tmp_path):
        call_command("export_log", tmp_path / "export")

        noted = LogEntry.objects.get(type="log.exported")
        details = EntryDetails.objects.get(entry_id=noted.pk).body
        assert noted.actor == "system"
        assert details == {"form": "tlog-tiles", "size": 3}

    @pytest.mark.parametrize(
        ("command", "file"), [("export_log", "export"), ("export_audit", "log.csv")]
    )
    def test_a_person_who_is_named_stands_in_it(self, tmp_path, command, file):
        call_command(command, tmp_path / file, by="zhao")

        noted = entry(LogEntry.objects.get(type="log.exported").pk)
        assert (noted.actor, noted.actor_role) == ("赵敏", "operator")

    @pytest.mark.parametrize(
        ("command", "file"), [("export_log", "export"), ("export_audit", "log.csv")]
    )
    def test_nobody_exports_under_a_name_that_does_not_exist(
        self, tmp_path, command, file
    ):
        with pytest.raises(CommandError, match="there is no user 'qian'"):
            call_command(command, tmp_path / file, by="qian")

        assert not (tmp_path / file).exists()

    def test_what_cannot_be_noted_is_not_written(self, tmp_path, monkeypatch):
        def refuse(*_args: object, **_how: object) -> None:
            raise OperationalError("read-only")

        monkeypatch.setattr(look, "record_many", refuse)

        with pytest.raises(CommandError, match="cannot be noted in the log: read-only"):
            call_command("export_log", tmp_path / "export")

        assert not (tmp_path / "export").exists()
