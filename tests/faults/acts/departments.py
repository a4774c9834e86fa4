"""Departments that are away, slow, or talk nonsense."""

from __future__ import annotations

from tests.faults.quiet import wait_until_quiet
from tests.faults.timers import pass_days_of_acceptance
from tests.faults.trial import Trial

GARBAGE = (
    *("bad_json", "html", "huge", "truncated", "incomplete", "wrong_request_id"),
    *("duplicate", "late", "out_of_order", "reset", "unavailable", "flapping"),
)
SILENT = "SELECT count(*) FROM exchange_exchange WHERE settled_at IS NULL"
TURNS = 3
WARM_UP, EACH_TURN = 0.1, 0.5  # of the load
AT_LEAST = 0.9  # of the others' throughput
OFFICERS_WAIT_S = 660.0  # while an officer looks, the system is asked every 10 minutes


def miss_a_department(trial: Trial) -> None:
    """F11: a department is away, and comes back later."""
    code = trial.dice.choice(asked(trial))
    trial.hall.switch("down", code)
    trial.wait_a_while(0.8, 0.9)
    trial.hall.switch("up", code)
    trial.ends()


def miss_every_department(trial: Trial) -> None:
    """F11a: every department is away, from the first filing until days after."""
    hall = trial.hall
    hall.hold("departments")
    trial.file()
    trial.wait_for_clients()
    if not trial.size.short:
        pass_days_of_acceptance(hall, within_s=trial.size.patience_s)
    trial.findings += _while_all_are_away(trial)
    hall.release("departments")
    trial.ends()
    trial.wait_until_recovered()
    hall.clock.move(OFFICERS_WAIT_S)
    hall.wait_until(
        lambda: not hall.books.count(SILENT),
        within_s=trial.size.patience_s,
        what="every department answered by itself",
    )


def slow_department(trial: Trial) -> None:
    """F12: one department hangs, or answers after half a minute at worst."""
    code = trial.dice.choice(asked(trial))
    trial.hall.switch(trial.dice.choice(["hang", "slow"]), code)
    trial.wait_a_while(0.8, 0.9)
    trial.hall.switch("up", code)
    trial.ends()


def compare_with_a_hanging_department(trial: Trial) -> None:
    """F12a: others answer as fast while one hangs; by turns, from a full backlog."""
    trial.file(WARM_UP, "warm-up")
    code = trial.dice.choice(asked(trial))
    trial.wait_for_clients()
    seconds = {"up": 0.0, "hang": 0.0}
    for turn, mode in enumerate(("up", "hang", "hang", "up")):
        trial.hall.switch(mode, code)
        seconds[mode] += _seconds_of_others(trial, code, f"turn-{turn}")
        trial.hall.switch("up", code)
        wait_until_quiet(trial.hall, within_s=trial.size.patience_s)
    share = seconds["up"] / seconds["hang"]
    trial.note = f"others at {share:.0%} while {code} hung"
    trial.expect(share >= AT_LEAST, trial.note)
    trial.ends()


def _seconds_of_others(trial: Trial, code: str, name: str) -> float:
    """Return how long the other departments need for all that waits for them."""
    hall, words = trial.hall, f"{SILENT} AND department <> '{code}'"
    hall.let_work(allowed=False)
    trial.file(EACH_TURN, name)
    trial.wait_while_filing()
    hall.let_work(allowed=True)
    return hall.wait_until(
        lambda: not hall.books.count(words),
        within_s=trial.size.patience_s,
        what="the others answered",
    )


def talk_nonsense(trial: Trial) -> None:
    """F13: every department gives another kind of garbage, and the hub in the end."""
    codes = asked(trial)
    for turn in range(TURNS):
        for place, code in enumerate(codes):
            kind = GARBAGE[(place * TURNS + turn) % len(GARBAGE)]
            trial.hall.switch(kind, code)
        trial.wait_a_while(0.15, 0.2)
    trial.hall.switch(trial.dice.choice(GARBAGE), "hub")
    trial.wait_a_while(0.15, 0.2)
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
    """Nothing was decided on what nobody answered, and nobody was asked for papers."""
    books, found = trial.hall.books, []
    hasty = books.count(
        """
        SELECT count(*) FROM cases_decision d JOIN cases_case c ON c.id = d.case_id
         WHERE EXISTS (SELECT 1 FROM exchange_exchange e
                        WHERE e."case" = c.reference AND e.settled_at IS NULL)
        """
    )
    if hasty:
        found.append(f"{hasty} cases were decided while nobody answered")
    if asked := books.count("SELECT count(*) FROM cases_task WHERE kind = 'correct'"):
        found.append(f"{asked} applicants were asked while nobody answered")
    return found
