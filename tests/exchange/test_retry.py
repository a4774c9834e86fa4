"""When to ask again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.exchange.codes import CODES
from services.exchange.retry import after_promise, next_attempt_at
from tests.clock import NOON

RETRYABLE = [code for code in CODES if CODES[code].pace in ("soon", "slow")]


def wait(code: str, attempts: int, name: str = "a") -> timedelta:
    return (
        next_attempt_at(code=code, attempts_made=attempts, public_id=name, now=NOON)
        - NOON
    )


@given(st.sampled_from(RETRYABLE), st.integers(1, 500), st.uuids())
def test_is_always_later_and_never_longer_than_stated(code, attempts, name):
    seconds = wait(code, attempts, name.hex).total_seconds()

    slow = CODES[code].pace == "slow"
    assert (22.5 if slow else 1.5) <= seconds <= (300 if slow else 60)


@given(st.integers(1, 500), st.uuids())
def test_is_the_same_each_time(attempts, name):
    assert wait("TIMEOUT", attempts, name.hex) == wait("TIMEOUT", attempts, name.hex)


def test_begins_within_two_seconds_and_doubles():
    assert wait("CONNECTION", 1) <= timedelta(seconds=2)
    for attempts in range(2, 6):
        longest = timedelta(seconds=2**attempts)
        assert longest * 0.75 <= wait("CONNECTION", attempts) <= longest


def test_spreads_many_questions_that_failed_together():
    assert len({wait("TIMEOUT", 5, str(n)) for n in range(50)}) > 40


class TestAfterPromise:
    def test_is_the_promised_time(self):
        promised, deadline = NOON + timedelta(hours=1), NOON + timedelta(hours=4)

        assert promised == after_promise(
            answer_at=promised, deadline_at=deadline, now=NOON
        )

    def test_is_the_deadline_where_the_promise_is_later(self):
        promised, deadline = NOON + timedelta(hours=9), NOON + timedelta(hours=4)

        assert deadline == after_promise(
            answer_at=promised, deadline_at=deadline, now=NOON
        )

    def test_is_the_promise_again_once_the_deadline_is_past(self):
        promised, deadline = NOON + timedelta(hours=9), NOON - timedelta(hours=1)

        assert promised == after_promise(
            answer_at=promised, deadline_at=deadline, now=NOON
        )

    def test_is_never_at_once(self):
        past = NOON - timedelta(hours=1)

        assert after_promise(answer_at=past, deadline_at=past, now=NOON) > NOON
