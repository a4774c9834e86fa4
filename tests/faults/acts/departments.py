"""Departments that are away or slow."""

from __future__ import annotations

from tests.faults.timers import pass_days_of_acceptance
from tests.faults.trial import Trial

SILENT = "SELECT count(*) FROM exchange_exchange WHERE settled_at IS NULL"
DIRECT = "ga"  # asked without the hub, which would lose patience before us
SLOW_OR_HANGS = ("slow", "hang")
TIMED_OUT = f"""
SELECT count(*) FROM exchange_attempt a JOIN exchange_exchange e ON e.id = a.exchange_id
 WHERE e.department = '{DIRECT}' AND a.code = 'TIMEOUT' AND a.started_at >= '{{since}}'
"""
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
        trial.findings += _after_days(trial)
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
    """F12: by turns one department hangs, or answers after half a minute at worst."""
    hall, mode = trial.hall, SLOW_OR_HANGS[trial.number % len(SLOW_OR_HANGS)]
    words = TIMED_OUT.format(since=hall.clock.now().isoformat(sep=" "))
    hall.switch(mode, DIRECT)
    trial.wait_a_while(0.8, 0.9)
    if not trial.size.short:  # a call takes ten seconds to time out
        trial.wait_while_filing()
    timeouts = hall.books.count(words)
    trial.note = f"{DIRECT} {mode}, {timeouts} questions timed out"
    if mode == "hang" and not timeouts and not trial.size.short:
        trial.void = "no question timed out"
    hall.switch("up", DIRECT)
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


def _after_days(trial: Trial) -> list[str]:
    """Return what is wrong if nobody has ever answered: all accepted, none decided."""
    books = trial.hall.books
    decided = books.count("SELECT count(*) FROM cases_decision")
    waiting = books.count("SELECT count(*) FROM cases_case WHERE state = 'received'")
    found = [f"{decided} cases were decided without any answer"] if decided else []
    return [*found, f"{waiting} cases were not accepted"] if waiting else found


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
