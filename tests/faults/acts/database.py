"""A database that dies, has no connection left, or is locked."""

from __future__ import annotations

from contextlib import ExitStack

import psycopg

from tests.faults.database import NAMES
from tests.faults.trial import Trial

LOCK_S = 5.0


def kill_database(trial: Trial) -> None:
    """F7: PostgreSQL is killed and started again."""
    trial.wait_a_while(0.3, 0.6)
    trial.hall.database.kill()
    trial.wait_a_while(0.05, 0.1)
    trial.hall.database.start()
    trial.ends()


def exhaust_connections(trial: Trial) -> None:
    """F8: strangers hold every free connection, and then a lock on all cases."""
    database = trial.hall.database
    trial.wait_a_while(0.2, 0.4)
    with ExitStack() as strangers:
        taken = 0
        try:
            while True:
                strangers.enter_context(database.connect())
                taken += 1
        except psycopg.OperationalError:
            pass
        trial.wait_a_while(0.2, 0.3)
    trial.ends()
    trial.expect(taken, "no connection was free to begin with")
    with database.connect(NAMES[0]) as stranger, stranger.transaction():
        stranger.execute("LOCK TABLE cases_case IN ACCESS EXCLUSIVE MODE")
        trial.hall.wait(min(LOCK_S, trial.size.load_s / 4))
    trial.ends()
