"""What faults do to times and answers; the same seed, the same fault."""

from datetime import timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from services.departments.faults import (
    CONCLUSIONS,
    OF_THE_HUB,
    Mode,
    mode_at,
    seconds_taken,
    spoil_answers,
)
from services.departments.gateways.contract import CODES, Answer
from tests.clock import NOON

ANSWERS = [Answer(f"r{n}", "FOUND") for n in range(30)]


def taken(mode, *, seed=1, call="r1", latency_ms=200, p99_ms=30_000):
    return seconds_taken(
        mode, latency_ms=latency_ms, p99_ms=p99_ms, seed=seed, call=call
    )


class TestTimes:
    def test_of_a_slow_department_spread_as_stated(self):
        times = sorted(taken(Mode.SLOW, call=f"r{n}") for n in range(4000))

        assert 0.15 < median(times) < 0.27
        assert 20 < times[int(4000 * 0.99)] < 45

    def test_follow_from_the_seed_and_the_call(self):
        assert taken(Mode.SLOW) == taken(Mode.SLOW)
        assert taken(Mode.SLOW) != taken(Mode.SLOW, seed=2)
        assert taken(Mode.SLOW) != taken(Mode.SLOW, call="r2")

    def test_of_others_are_the_stated_one(self):
        assert taken(Mode.UP) == taken(Mode.EXPIRED) == 0.2
        assert taken(Mode.DOWN) == 0

    def test_without_a_tail_are_the_median(self):
        assert taken(Mode.SLOW, latency_ms=300, p99_ms=300) == 0.3
        assert taken(Mode.SLOW, latency_ms=0) == 0


class TestFlapping:
    def test_turns_by_the_seed(self):
        moments = [NOON + timedelta(seconds=10 * n) for n in range(40)]
        turns = {
            seed: [mode_at(Mode.FLAPPING, seed=seed, now=at) for at in moments]
            for seed in (1, 2)
        }

        assert set(turns[1]) == {Mode.UP, Mode.DOWN}
        assert turns[1] != turns[2]
        assert turns[1] == [mode_at(Mode.FLAPPING, seed=1, now=at) for at in moments]

    def test_is_steady_for_ten_seconds(self):
        modes = {
            mode_at(Mode.FLAPPING, seed=1, now=NOON + timedelta(seconds=s))
            for s in range(10)
        }

        assert len(modes) == 1


class TestAnswers:
    def test_out_of_order_are_all_there(self):
        sent = spoil_answers(Mode.OUT_OF_ORDER, ANSWERS, seed=3)

        assert list(sent) != ANSWERS
        assert sorted(a.request_id for a in sent) == sorted(
            a.request_id for a in ANSWERS
        )

    @given(st.integers(0, 10_000), st.integers(1, 30))
    def test_incomplete_are_never_all_there(self, seed, count):
        sent = spoil_answers(Mode.INCOMPLETE, ANSWERS[:count], seed=seed)

        assert len(sent) < count


def test_every_conclusion_is_one_of_the_closed_codes():
    for outcome, code in CONCLUSIONS.values():
        assert code in CODES[outcome]


def test_the_hub_has_no_register_to_be_wrong():
    assert Mode.EXPIRED not in OF_THE_HUB
    assert {Mode.UP, Mode.DOWN, Mode.HTML, Mode.SLOW} <= OF_THE_HUB
