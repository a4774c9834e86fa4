"""The outbox on the command line."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from services.dispatch.models import OutboxMessage
from services.ledger.explore import Filters, explore
from tests.clock import NOON

pytestmark = pytest.mark.django_db


def message(key: str, **members) -> OutboxMessage:
    return OutboxMessage.objects.create(
        task="test.do", key=key, created_at=NOON, available_at=NOON, **members
    )


def outbox(*words: str) -> str:
    said = StringIO()
    call_command("outbox", *words, stdout=said)
    return said.getvalue()


@pytest.fixture(autouse=True)
def _silent(bells) -> None:
    """No test here is about the bell."""


def test_shows_what_waits_who_has_it_and_what_is_parked() -> None:
    message("1", lease_owner="hall:4711", leased_until=NOON + timedelta(seconds=9))
    parked = message("2", parked_at=NOON, parked_reason="ValueError: no such office")

    said = outbox()

    assert "hall:4711" in said
    assert "2026-11-23 12:00:09" in said
    assert f"{parked.pk} " in said
    assert "ValueError: no such office" in said


def test_tries_one_again_and_says_who_did_it_in_the_log() -> None:
    one, other = (message(key, parked_at=NOON, attempts=8) for key in "12")

    assert outbox("--reissue", str(one.pk)) == "1 messages are tried again\n"

    assert list(OutboxMessage.objects.parked()) == [other]
    (line,) = explore(Filters(type="message.reissued")).lines
    assert (line.actor, line.details["key"]) == ("outbox-command", "1")


def test_tries_all_again() -> None:
    for key in "12":
        message(key, parked_at=NOON, attempts=8)

    assert outbox("--reissue", "all") == "2 messages are tried again\n"

    assert not OutboxMessage.objects.parked().exists()


def test_a_word_that_is_no_number_changes_nothing() -> None:
    message("1", parked_at=NOON)

    with pytest.raises(CommandError, match="'first' is no message's number"):
        outbox("--reissue", "1", "first")

    assert OutboxMessage.objects.parked().count() == 1
