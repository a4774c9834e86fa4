"""When a line is left alone, and when a probe may go."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.exchange.breaker import (
    CLOSED,
    FAILURES,
    HALF_OPEN,
    HORIZON,
    LONGEST,
    OPEN,
    PROBE,
    Admission,
    Line,
    admission,
    after_failure,
    pause,
    probing,
)
from tests.clock import NOON

SECOND = timedelta(seconds=1)
NAMES = st.sampled_from(["scjg", "wsjk", "hub"])


def failed(times: int, name: str = "scjg") -> Line:
    """Return a line after so many failures, each probe as early as it may be."""
    line, now = Line(), NOON
    for _ in range(times):
        if admission([line], now) is Admission.NOTHING:
            now = line.probe_at
        line = after_failure(probing(line, now), name=name, now=now)
    return line


class TestOpening:
    def test_takes_several_failures_in_a_row(self):
        assert failed(FAILURES - 1).state == CLOSED
        assert failed(FAILURES).state == OPEN
        assert failed(FAILURES).opened_at == NOON

    def test_is_not_prolonged_by_calls_that_were_under_way(self):
        line = failed(FAILURES)

        assert after_failure(line, name="scjg", now=NOON + SECOND) == line

    def test_by_a_probe_keeps_the_time_since_when(self):
        line = failed(FAILURES + 3)

        assert (line.state, line.opened_at) == (OPEN, NOON)

    @given(st.integers(FAILURES, 500), NAMES)
    def test_rests_longer_each_time_but_never_too_long(self, failures, name):
        rest, next_rest = (pause(name, failures + n).total_seconds() for n in (0, 1))

        assert 1.5 <= rest <= LONGEST
        assert next_rest >= min(rest, LONGEST * 0.75)

    def test_rests_the_same_each_time_but_not_the_same_as_others(self):
        assert pause("scjg", 7) == pause("scjg", 7)
        assert len({pause(str(n), 7) for n in range(50)}) > 40


class TestAdmission:
    def test_of_a_line_without_faults_is_everything(self):
        assert admission([], NOON) is admission([Line()], NOON) is Admission.ALL
        assert admission([failed(FAILURES - 1)], NOON) is Admission.ALL

    def test_of_an_open_line_is_a_probe_when_its_time_has_come(self):
        line = failed(FAILURES)

        assert admission([line], line.probe_at - SECOND) is Admission.NOTHING
        assert admission([line], line.probe_at) is Admission.PROBE

    def test_is_nothing_while_a_probe_is_under_way_and_another_once_it_is_lost(self):
        line = probing(failed(FAILURES), NOON)

        assert line.state == HALF_OPEN
        assert admission([line], NOON + PROBE - SECOND) is Admission.NOTHING
        assert admission([line], NOON + PROBE) is Admission.PROBE

    def test_over_two_lines_is_what_both_admit(self):
        line = failed(FAILURES)

        assert admission([Line(), line], NOON) is Admission.NOTHING
        assert admission([Line(), line], line.probe_at) is Admission.PROBE

    @given(st.integers(FAILURES, 60), NAMES, st.integers(1, 10**7))
    def test_does_not_wait_for_a_clock_that_was_put_back(self, times, name, seconds):
        line = failed(times, name)
        back = line.probe_at - HORIZON - timedelta(seconds=seconds)

        assert admission([line], back) is Admission.PROBE


@given(st.lists(st.sampled_from(["fail", "probe", "wait"]), max_size=60), NAMES)
def test_whatever_happens_a_line_that_is_not_closed_gets_another_probe(steps, name):
    line, now = Line(), NOON
    for step in steps:
        if step == "fail":
            line = after_failure(line, name=name, now=now)
        elif step == "probe" and admission([line], now) is Admission.PROBE:
            line = probing(line, now)
        else:
            now += SECOND
        assert (line.state == CLOSED) == (line.failures < FAILURES)
        assert admission([line], now + HORIZON) is not Admission.NOTHING
