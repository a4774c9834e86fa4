"""Departments that talk nonsense, each kind until it is seen to arrive."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from services.departments.faults import FLAP_SECONDS, Mode, mode_at
from tests.faults.acts.departments import asked
from tests.faults.checker.books import parsed
from tests.faults.trial import Trial

DIRECT = "ga"  # asked without the hub: what it sends is what we get
ASKS_IT = "HZ-004"  # the item whose cases ask it
#: Every kind of garbage, and the code that an attempt then has; FOUND has none.
CODES = {
    "bad_json": "GARBLED",
    "html": "GARBLED",
    "huge": "GARBLED",
    "truncated": "GARBLED",
    "wrong_request_id": "GARBLED",
    "reset": "CONNECTION",
    "unavailable": "SERVER_ERROR",
    "flapping": "CONNECTION",
    "late": "TIMEOUT",
    "incomplete": "INCOMPLETE",
    "duplicate": "",
    "out_of_order": "",
}
TRIES = 3  # for each kind
AT_MOST = 4  # times that more is filed to have enough questions
TOGETHER = 3  # questions that are to be answered in one call
NEED_SEVERAL = ("incomplete", "duplicate", "out_of_order")  # else nothing is wrong
LINE_REST_S = 61.0  # longer than any back-off, and than a line is left alone
PATIENCE_S = 12.0  # longer than a call
PUSH_EVERY_S = 1.5
WAITING = f"""
SELECT count(*) FROM exchange_exchange
 WHERE department = '{DIRECT}' AND state = 'waiting' AND settled_at IS NULL
"""
ATTEMPTS = f"""
SELECT count(*) FROM exchange_attempt a JOIN exchange_exchange e ON e.id = a.exchange_id
 WHERE e.department = '{DIRECT}' AND a.started_at >= '{{since}}' AND a.code = '{{code}}'
"""
SEED = f"SELECT seed FROM departments_profile WHERE department = '{DIRECT}'"
SEEN = f"""
SELECT e.state, a.code, e.next_attempt_at, count(*) AS n FROM exchange_exchange e
  LEFT JOIN exchange_attempt a ON a.exchange_id = e.id AND a.started_at >= '{{since}}'
 WHERE e.department = '{DIRECT}' AND (a.id IS NOT NULL OR e.settled_at IS NULL)
 GROUP BY e.state, a.code, e.next_attempt_at
"""
CALLS = f"""
SELECT seen FROM departments_call
 WHERE department = '{DIRECT}' AND kind = 'question' AND at >= '{{since}}'
"""


def talk_nonsense(trial: Trial) -> None:
    """F13: every kind of garbage from one department; others and the hub join in."""
    others = [code for code in asked(trial) if code != DIRECT]
    kinds = list(CODES)
    arrived = 0
    for turn, kind in enumerate(CODES):
        for place, code in enumerate(others):
            trial.hall.switch(kinds[(turn + place + 1) % len(kinds)], code)
        arrived += _arrives(trial, kind, turn)
    trial.note = f"{arrived} of {len(CODES)} kinds arrived from {DIRECT}"
    trial.hall.switch(trial.dice.choice(kinds[:4]), "hub")
    trial.wait_a_while(0.15, 0.2)
    trial.hall.switch("up")
    trial.ends()


def _arrives(trial: Trial, kind: str, turn: int) -> bool:
    """Send one kind of garbage until an attempt shows it; a finding if none does."""
    for again in range(TRIES):  # a lone question may have been answered in full
        since = _send(trial, kind, f"{turn}-{again}")
        if _comes(trial, kind, since):
            return True
    told = trial.hall.books.ours(SEEN.format(since=since.astimezone(UTC)))
    trial.expect(False, f"{DIRECT} sent {kind}, no attempt shows it; seen: {told}")
    return False


def _send(trial: Trial, kind: str, turn: str) -> datetime:
    """Have the department talk nonsense to several questions; return since when."""
    if trial.hall.books.count(WAITING) < TOGETHER:
        _gather(trial, turn)
    trial.hall.switch(kind, DIRECT)
    trial.hall.clock.move(_rest(trial, kind))
    return trial.hall.clock.now()


def _rest(trial: Trial, kind: str) -> float:
    """Return for how many seconds to leave the line alone: until who flaps is down."""
    if kind != Mode.FLAPPING:
        return LINE_REST_S
    (profile,) = trial.hall.books.theirs(SEED)
    now = trial.hall.clock.now()
    turn = int((now.timestamp() + LINE_REST_S) // FLAP_SECONDS) + 1
    while _mode(profile["seed"], turn) is not Mode.DOWN:
        turn += 1
    return turn * FLAP_SECONDS - now.timestamp()


def _mode(seed: int, turn: int) -> Mode:
    at = datetime.fromtimestamp(turn * FLAP_SECONDS, UTC)
    return mode_at(Mode.FLAPPING, seed=seed, now=at)


def _comes(trial: Trial, kind: str, since: datetime) -> bool:
    end, push = time.monotonic() + PATIENCE_S, time.monotonic() + PUSH_EVERY_S
    while time.monotonic() < end:
        if _seen(trial, kind, since):
            return True
        trial.hall.wait(0.1)
        if kind == Mode.FLAPPING and time.monotonic() > push:  # its turn may be over
            trial.hall.clock.move(_rest(trial, kind))
            push = time.monotonic() + PUSH_EVERY_S
    return False


def _gather(trial: Trial, turn: str) -> None:
    """Have some questions wait for the department, so that one call asks them."""
    trial.hall.switch("down", DIRECT)
    for again in range(AT_MOST):  # a company that was shown the same asks it no more
        trial.file_some(TOGETHER, item=ASKS_IT, name=f"-{turn}-{again}")
        trial.wait_while_filing()
        if trial.hall.books.count(WAITING) >= TOGETHER:
            return


def _seen(trial: Trial, kind: str, since: datetime) -> bool:
    """Tell whether an attempt begun since then ended as this garbage must end."""
    words = {"since": since.astimezone(UTC).isoformat(sep=" "), "code": CODES[kind]}
    books = trial.hall.books
    if not books.count(ATTEMPTS.format(**words)):
        return False
    calls = books.theirs(CALLS.format(**words))
    together = max((len(parsed(call["seen"])) for call in calls), default=0)
    return kind not in NEED_SEVERAL or together > 1
