"""When has the hall recovered, and when is there nothing left to do."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import suppress
from typing import NamedTuple

import psycopg

from tests.faults.checker.books import Books, moment
from tests.faults.hall import Hall, NotInTime

LOOK_S = 0.25
SKIP_S = 65.0  # longer than most back-offs: nobody has to wait them out
CALM_LOOKS = 6  # quiet is what outlasts a round of the sweeper: it may find more
AT_MOST_SKIPS = 12  # longer than any back-off: what waits longer, hangs
OUTBOX = """
SELECT id, fence + attempts AS turn, available_at AS due_at
  FROM dispatch_outboxmessage WHERE parked_at IS NULL
"""
QUESTIONS = """
SELECT id, fence AS turn, next_attempt_at AS due_at
  FROM exchange_exchange WHERE settled_at IS NULL AND state = 'waiting'
"""
PENDING = "SELECT first_id AS id, 0 AS turn, NULL AS due_at FROM ledger_pendingentries"
DEPOSITS = """
SELECT number AS id, attempts_made AS turn,
       coalesce(next_attempt_at, ordered_at) AS due_at
  FROM exchange_depositorder WHERE kept_at IS NULL
"""
LATE = """
SELECT request_id AS id, attempts_made AS turn, due_at
  FROM departments_lateanswer WHERE handed_over_at IS NULL AND attempts_made < 8
"""
OURS = {
    "message": OUTBOX,
    "question": QUESTIONS,
    "deposit": DEPOSITS,
    "entry": PENDING,
}

Piece = tuple[str, object]


class Work(NamedTuple):
    """Every piece of work and how often it was taken up: due, and for later."""

    due: dict[Piece, int]
    later: int

    def __str__(self) -> str:
        kinds = Counter(kind for kind, _ in self.due)
        told = ", ".join(f"{count} {kind}(s)" for kind, count in kinds.items())
        return f"{told or 'nothing'} due, {self.later} for later"


def work(hall: Hall, books: Books) -> Work:
    """Return what is to be done, as it stands in the database."""
    now, due, later = hall.clock.now(), {}, 0
    rows = [(kind, row) for kind, words in OURS.items() for row in books.ours(words)]
    rows += [("late answer", row) for row in books.theirs(LATE)]
    for kind, row in rows:
        at = moment(row["due_at"])
        if at is not None and at > now:
            later += 1
        else:
            due[kind, row["id"]] = row["turn"]
    return Work(due, later)


STUCK = (
    """
    SELECT task, "key", attempts, lease_owner, leased_until, available_at
      FROM dispatch_outboxmessage WHERE parked_at IS NULL ORDER BY id LIMIT 3
    """,
    """
    SELECT department, state, code, attempts_made, lease_owner, next_attempt_at
      FROM exchange_exchange WHERE settled_at IS NULL ORDER BY id LIMIT 3
    """,
    """
    SELECT state, wait_event, now() - xact_start AS since, left(query, 60) AS doing
      FROM pg_stat_activity
     WHERE xact_start < now() - interval '2 seconds' LIMIT 3
    """,
)


def picture(hall: Hall) -> str:
    """Tell what hangs: the first messages and questions, and who holds locks."""
    told = []
    with suppress(psycopg.Error, sqlite3.Error):
        told.append(str(work(hall, hall.books)))
    for words in STUCK:
        with suppress(psycopg.Error, sqlite3.Error):
            told += [str(list(map(str, r.values()))) for r in hall.books.ours(words)]
    return "\n      ".join(told)


def untouched(before: Work, after: Work) -> int:
    """Count what was due before and has been taken up by nobody since."""
    return sum(after.due.get(piece) == turn for piece, turn in before.due.items())


def wait_until_quiet(hall: Hall, *, within_s: float) -> float:
    """
    Wait until nothing is due, in anybody's hands or to be tried later.

    What waits for a later try is brought forward by moving the clock on.

    :raises NotInTime: telling what is left.
    """
    books, took, skips, calm = hall.books, 0.0, 0, 0
    while took < within_s:
        left = work(hall, books)
        calm = 0 if left.due or left.later else calm + 1
        if calm == CALM_LOOKS:
            return took - (CALM_LOOKS - 1) * LOOK_S
        if not calm and not left.due and skips < AT_MOST_SKIPS:
            hall.clock.move(SKIP_S)
            skips += 1
        hall.wait(LOOK_S)
        took += LOOK_S
    raise NotInTime(f"not quiet within {within_s:.0f} s: {work(hall, books)}")
