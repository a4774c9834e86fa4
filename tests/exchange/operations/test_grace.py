"""While the log has no proof of what was asked, nothing more is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.exchange.operations.sweep import sweep
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.signing import log_signer
from services.ledger.witness import log_witness
from tests.clock import NOON
from tests.exchange.serving import serve, settled
from tests.factories.departments import RecordFactory
from tests.factories.exchange import ExchangeFactory
from tests.ledger.writing import moved, write

pytestmark = pytest.mark.django_db

GRACE = timedelta(hours=4)


@pytest.fixture
def late(settings):
    """Have an entry that waits for its proof, and a question."""
    settings.PROOF_GRACE = GRACE
    write(moved(), at=NOON - GRACE)
    RecordFactory()
    return ExchangeFactory(next_attempt_at=NOON)


def test_a_question_waits_and_nothing_is_said_of_it(late):
    assert serve() == 0

    settled(late)
    assert (late.attempts_made, late.state, late.leased_until) == (0, "waiting", None)


def test_it_is_put_by_itself_once_there_is_a_proof(late, monkeypatch):
    rung = []
    monkeypatch.setattr(
        "services.exchange.operations.sweep.ring", lambda _task, code: rung.append(code)
    )
    assert serve() == 0
    sequence_pending(now=NOON)
    assert serve() == 0

    sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)

    sweep(now=NOON)
    assert rung == [late.department]
    assert serve() == 1
    assert settled(late).outcome == "FOUND"


def test_without_a_grace_it_is_put_whatever_the_log_does(late, settings):
    settings.PROOF_GRACE = None

    assert serve() == 1


def test_a_moment_before_the_grace_is_over_it_is_put(late):
    assert serve(now=NOON - timedelta(seconds=1)) == 0
    late.next_attempt_at = NOON - timedelta(seconds=1)
    late.save()

    assert serve(now=NOON - timedelta(seconds=1)) == 1
