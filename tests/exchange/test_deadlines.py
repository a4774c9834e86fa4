"""Our time limits against each other."""

from datetime import timedelta

import pytest

from services.exchange import deadlines
from services.exchange.deadlines import check_deadlines, contradictions

SECONDS = timedelta(seconds=1)


def test_the_project_s_own_fit():
    assert check_deadlines() == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"total": 16}, "a lease of 0:00:20 ends before a call of 0:00:16 is settled"),
        (
            {"lease": 14 * SECONDS},
            "a lease of 0:00:14 ends before a call of 0:00:10 is settled",
        ),
        ({"read": 11}, "a call may take 10 s, its parts 2 s and 11 s"),
        ({"connect": 0}, "a call may take 10 s, its parts 0 s and 5 s"),
        (
            {"probe": 19 * SECONDS},
            "a probe is given up after 0:00:19, though its lease runs 0:00:20",
        ),
    ],
)
def test_each_contradiction_is_one_line(changes, line):
    assert list(contradictions(**changes)) == [line]


def test_stops_the_start(monkeypatch):
    monkeypatch.setattr(deadlines, "contradictions", lambda: ["too short"])

    (error,) = check_deadlines()

    assert (error.id, error.msg, error.is_serious()) == (
        "exchange.E001",
        "too short",
        True,
    )
