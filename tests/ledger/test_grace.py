"""When what waits for its proof has waited too long, and when it has not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.ledger.grace import Unsigned, proof_is_late, unsigned
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.signing import log_signer
from services.ledger.witness import log_witness
from tests.clock import NOON
from tests.ledger.writing import moved, write, write_and_place

pytestmark = pytest.mark.django_db

GRACE = timedelta(hours=4)
SECOND = timedelta(seconds=1)
LONG_AFTER = NOON + timedelta(days=30)


@pytest.fixture(autouse=True)
def _grace(settings) -> None:
    settings.PROOF_GRACE = GRACE


def sign() -> None:
    sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)


def test_an_idle_log_is_never_late():
    assert not proof_is_late(LONG_AFTER)
    write_and_place(3)
    sign()
    assert not proof_is_late(LONG_AFTER)


def test_an_entry_that_nobody_places_is_late_after_the_grace():
    write(moved())

    assert not proof_is_late(NOON + GRACE - SECOND)
    assert proof_is_late(NOON + GRACE)


def test_placing_alone_does_not_begin_a_new_grace():
    write_and_place(3)
    sign()
    write(moved())
    sequence_pending(now=NOON + GRACE - SECOND)
    write(moved(), at=NOON + GRACE - SECOND)

    assert not proof_is_late(NOON + GRACE - SECOND)
    assert proof_is_late(NOON + GRACE)


def test_it_recovers_by_signing_alone_with_nothing_left_to_place():
    write_and_place(3)
    assert proof_is_late(LONG_AFTER)
    assert sequence_pending(now=LONG_AFTER) == 0

    sign()

    assert not proof_is_late(LONG_AFTER)


def test_a_new_entry_after_the_checkpoint_has_a_grace_of_its_own():
    write_and_place(3)
    sign()
    write(moved(), at=LONG_AFTER)

    assert not proof_is_late(LONG_AFTER + GRACE - SECOND)
    assert proof_is_late(LONG_AFTER + GRACE)


def test_it_can_be_switched_off(settings):
    write(moved())
    settings.PROOF_GRACE = None

    assert not proof_is_late(LONG_AFTER)


def test_what_is_in_the_tree_and_not_signed_is_counted():
    assert unsigned() == Unsigned(0, None)
    write_and_place(300)
    sign()
    write_and_place(5, at=NOON + SECOND)
    write(moved())

    assert unsigned() == Unsigned(5, NOON + SECOND)
