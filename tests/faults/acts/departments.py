"""Departments that are away, slow, or talk nonsense."""

from __future__ import annotations

from tests.faults.trial import Trial

GARBAGE = (
    *("bad_json", "html", "huge", "truncated", "incomplete", "wrong_request_id"),
    *("duplicate", "late", "out_of_order", "reset", "unavailable", "flapping"),
)
UNDECIDED_ONLY = """
SELECT count(*) FROM cases_decision d
 WHERE d.decided_at > '{since}'
"""
SETTLED = """
SELECT count(*) FROM exchange_exchange
 WHERE state = 'settled' AND NOT reused AND department <> '{but}'
"""


def miss_a_department(trial: Trial) -> None:
    """F11: a department is away, and comes back later."""
    code = trial.dice.choice(asked(trial))
    trial.hall.switch("down", code)
    trial.wait_a_while(0.8, 0.9)
    trial.hall.switch("up", code)
    trial.ends()


def miss_every_department(trial: Trial) -> None:
    """F11: every department is away for the whole load, and two days more."""
    hall = trial.hall
    hall.switch("down")
    if "departments" in hall.stack.children:
        hall.hold("departments")
    trial.wait_for_clients()
    trial.findings += _while_all_are_away(trial)
    if hall.held("departments"):
        hall.release("departments")
    hall.switch("up")
    trial.ends()


def slow_department(trial: Trial) -> None:
    """F12: one department hangs, or answers after half a minute at worst."""
    code = trial.dice.choice(asked(trial))
    mode = trial.dice.choice(["hang", "slow"])
    trial.hall.switch(mode, code)
    trial.wait_a_while(0.8, 0.9)
    trial.hall.switch("up", code)
    trial.ends()


def talk_nonsense(trial: Trial) -> None:
    """F13: every department gives another kind of garbage, and then another."""
    codes = asked(trial)
    rounds = [GARBAGE[at :: len(codes)] for at in range(len(codes))]
    for turn in range(max(map(len, rounds))):
        for code, modes in zip(codes, rounds, strict=True):
            trial.hall.switch(modes[turn % len(modes)] if modes else "late", code)
        trial.wait_a_while(0.2, 0.3)
    trial.hall.switch("up")
    trial.ends()


def asked(trial: Trial) -> list[str]:
    """Return the departments that the load's cases ask, in a chance order."""
    words = "SELECT DISTINCT department FROM exchange_exchange"
    trial.hall.wait_until(
        lambda: trial.hall.books.ours(words), within_s=30, what="a question"
    )
    codes = sorted(row["department"] for row in trial.hall.books.ours(words))
    trial.dice.shuffle(codes)
    return codes


def _while_all_are_away(trial: Trial) -> list[str]:
    """All is accepted or parked nowhere, nothing decided, nobody asked for papers."""
    books = trial.hall.books
    found = []
    if n := books.count("SELECT count(*) FROM cases_decision"):
        found.append(f"{n} cases were decided while nobody answered")
    if n := books.count("SELECT count(*) FROM cases_task WHERE kind = 'correct'"):
        found.append(f"{n} applicants were asked while nobody answered")
    return found
