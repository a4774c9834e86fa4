"""What becomes of an exchange once it was answered."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.departments.gateways.contract import CODES, Answer
from services.exchange.verdict import Asked, event_type, judge
from tests.clock import NOON

HOUR = timedelta(hours=1)
ALL_CODES = [(outcome, code) for outcome in CODES for code in CODES[outcome]]


def asked(state="waiting", deadline_at=NOON + HOUR, attempts_made=0):
    return Asked("a" * 32, state, deadline_at, attempts_made)


def answer(outcome, code=""):
    promised = NOON + 2 * HOUR if outcome == "DEFERRED" else None
    return Answer("r1", outcome, code, answer_at=promised)


@pytest.mark.parametrize(("outcome", "code"), ALL_CODES)
@pytest.mark.parametrize("state", ["waiting", "assisted"])
def test_only_a_real_answer_settles(outcome, code, state):
    verdict = judge(asked(state), answer(outcome, code), NOON)

    assert (verdict.state == "settled") == (outcome in ("FOUND", "NOT_FOUND"))


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("UNAVAILABLE", "CONNECTION"), ("REFUSED", "NOT_AUTHORISED"), ("DEFERRED", "")],
)
def test_nobody_s_answer_waits_until_the_deadline_and_then_calls_a_person(
    outcome, code
):
    code = code or "ACCEPTED_FOR_LATER"
    before = judge(asked(), answer(outcome, code), NOON)
    at_deadline = judge(asked(deadline_at=NOON), answer(outcome, code), NOON)

    assert before.state == "waiting"
    assert at_deadline.state == "assisted"


def test_a_person_s_help_does_not_stop_the_machine():
    verdict = judge(asked("assisted"), answer("UNAVAILABLE", "TIMEOUT"), NOON)

    assert verdict == ("assisted", NOON + timedelta(minutes=10))


def test_a_promise_beyond_the_deadline_is_looked_at_on_the_deadline():
    verdict = judge(asked(), answer("DEFERRED", "ACCEPTED_FOR_LATER"), NOON)

    assert verdict == ("waiting", NOON + HOUR)


@given(
    st.sampled_from(ALL_CODES),
    st.sampled_from(["waiting", "assisted"]),
    st.integers(0, 1000),
    st.timedeltas(-2 * HOUR, 2 * HOUR),
)
def test_what_is_not_settled_is_always_asked_again_later(pair, state, attempts, off):
    verdict = judge(asked(state, NOON + off, attempts), answer(*pair), NOON)

    assert verdict.state == "settled" or verdict.next_attempt_at > NOON


@pytest.mark.parametrize(
    ("given_answer", "event"),
    [
        (answer("FOUND"), "exchange.answered"),
        (answer("NOT_FOUND", "NO_RECORD"), "exchange.answered"),
        (answer("UNAVAILABLE", "CONNECTION"), "exchange.answered"),
        (answer("UNAVAILABLE", "TIMEOUT"), "exchange.presumed"),
        (answer("REFUSED", "NOT_AUTHORISED"), "exchange.refused"),
        (answer("UNAVAILABLE", "GARBLED"), "exchange.quarantined"),
    ],
)
def test_the_log_names_what_it_was(given_answer, event):
    assert event_type(given_answer) == event
