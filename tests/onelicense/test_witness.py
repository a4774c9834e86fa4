"""A witness as a process of its own beside the sequencer."""

from pathlib import Path

import pytest
from django.utils import timezone

from onelicense.stack import Stack, free_port
from services.ledger.models import Checkpoint
from services.ledger.note import cosigned_at, open_note, parse_key
from services.ledger.signing import log_signer
from tests.ledger.writing import moved, write
from tests.stack import environment, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_it_cosigns_and_while_it_is_away_nothing_is_published(tmp_path: Path):
    with Stack(folder=tmp_path, environment=environment()) as stack:
        stack.start_witness(port=free_port())
        stack.launch_sequencer()
        key = parse_key(stack.environment["ONELICENSE_WITNESS_KEYS"])
        write(moved(), moved())
        until(Checkpoint.objects.filter(size=2).exists)

        stack.children["witness"].kill()
        write(moved())
        said = tmp_path / "log" / "sequencer.log"
        until(lambda: "THE LOG IS NOT SIGNED: the witness" in said.read_text())
        assert not Checkpoint.objects.filter(size=3).exists()

        assert stack.restart_dead() == ["witness"]
        until(Checkpoint.objects.filter(size=3).exists)

    for signed in Checkpoint.objects.filter(size__gt=0):
        own, theirs = open_note(signed.note, [log_signer().key, key]).signatures
        assert own.name == log_signer().key.name
        assert abs(cosigned_at(theirs) - timezone.now().timestamp()) < 60
