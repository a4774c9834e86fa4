import os
import signal
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from services.ledger.management.commands import sequence_log
from services.ledger.models import Checkpoint, PendingEntries, SequencerLease
from services.ledger.operations.sequence import AnotherSequencer, sequence_pending
from tests.ledger.test_witness import wipe
from tests.ledger.writing import moved, place_and_sign, write


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (15, 2)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def turns(monkeypatch) -> list[object]:
    """Answer the sequencer's turns one by one, then stop it with SIGTERM."""
    answers: list[object] = []

    def turn(**options: object) -> int:
        if not answers:
            os.kill(os.getpid(), signal.SIGTERM)
            return 0
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return sequence_pending(**options)

    monkeypatch.setattr(sequence_log, "sequence_pending", turn)
    monkeypatch.setattr(sequence_log, "POLL_S", 0)
    monkeypatch.setattr(sequence_log, "WAIT_FOR_TURN_S", 0)
    return answers


@pytest.mark.django_db(transaction=True)
class TestSequenceLog:
    def test_places_entries_until_it_is_told_to_stop(self, turns) -> None:
        write(moved(), moved())
        turns += [1, 1, 1]

        call_command("sequence_log")

        assert not PendingEntries.objects.exists()

    def test_gives_up_its_lease_when_it_stops(self, turns) -> None:
        turns += [1]

        call_command("sequence_log")

        assert SequencerLease.objects.get().leased_until is None

    def test_goes_on_after_another_sequencer_and_a_lost_database(self, turns) -> None:
        write(moved())
        turns += [AnotherSequencer(), OperationalError("server closed"), 1]
        said = StringIO()

        call_command("sequence_log", stderr=said)

        assert not PendingEntries.objects.exists()
        assert "server closed" in said.getvalue()

    def test_says_loudly_and_once_that_the_log_is_not_what_the_witness_saw(
        self, turns
    ) -> None:
        write(moved(), moved(), moved())
        place_and_sign()
        wipe()
        write(moved())
        turns += [1, 1, 1]
        said = StringIO()

        call_command("sequence_log", stderr=said)

        (line,) = said.getvalue().splitlines()
        assert line.startswith("THE LOG IS NOT SIGNED: ")
        assert "has seen 3 entries, the log has 1: it was cut off" in line
        assert not Checkpoint.objects.exists()

    def test_rests_in_proportion_to_its_work_unless_more_waits(
        self,
    ) -> None:
        command = sequence_log.Command()

        assert command._rest_after(0, 5) == sequence_log.LOOK_S
        assert command._rest_after(1, 0.03) == sequence_log.REST * 0.03
        assert command._rest_after(1, 5) == sequence_log.POLL_S
        assert command._rest_after(sequence_log.BATCH, 0.03) == 0

    def test_looks_only_whether_anything_waits_while_nothing_does(
        self, monkeypatch
    ) -> None:
        done: list[int] = []

        def turn(**options: object) -> int:
            done.append(sequence_pending(**options))
            return done[-1]

        monkeypatch.setattr(sequence_log, "sequence_pending", turn)
        monkeypatch.setattr(sequence_log, "POLL_S", 3_600)
        command = sequence_log.Command()

        assert command._turn("w") == command._turn("w") == sequence_log.LOOK_S
        assert done == [0]
        write(moved())
        command._turn("w")
        assert done == [0, 1]
        command._turn("w")  # there may be more
        assert done == [0, 1, 0]
        command._idle_until = 0  # the time is over: for what else is to be done
        command._turn("w")
        assert done == [0, 1, 0, 0]

    def test_once_says_so_when_another_sequencer_is_at_work(self, capsys) -> None:
        sequence_pending(now=timezone.now(), owner="other")
        write(moved())

        call_command("sequence_log", "--once")

        assert "another sequencer" in capsys.readouterr().out
        assert PendingEntries.objects.count() == 1
