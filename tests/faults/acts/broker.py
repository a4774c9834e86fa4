"""A broker that dies, forgets, or stays away."""

from __future__ import annotations

import shutil
import time

from tests.faults.trial import Trial

AWAY = 0.6  # of the load's time
MINUTES_S = 120.0  # so long it is away in the long form
LAST = 0.1  # of the load, filed at the end of that


def kill_broker(trial: Trial) -> None:
    """F4: the broker dies and comes back with its append-only file."""
    trial.wait_a_while(0.3, 0.6)
    trial.hall.kill("broker")
    trial.ends()


def lose_broker_data(trial: Trial) -> None:
    """F5: the broker dies and comes back with nothing."""
    trial.wait_a_while(0.3, 0.6)
    trial.hall.hold("broker")
    for file in trial.hall.disks["broker"].folder.iterdir():
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    trial.hall.release("broker")
    trial.ends()


def miss_broker(trial: Trial) -> None:
    """F6: the broker is away, for minutes in the long form; filing works all along."""
    trial.wait_a_while(0.1, 0.2)
    trial.hall.hold("broker")
    start = time.monotonic()
    _wait_for_a_filing(trial)
    trial.wait_a_while(AWAY, AWAY)
    if not trial.size.short:
        trial.wait_while_filing()
        trial.wait(MINUTES_S + start - time.monotonic())
        trial.file(LAST, "-last")
        _wait_for_a_filing(trial)
    trial.note = f"away for {time.monotonic() - start:.0f} s"
    trial.hall.release("broker")
    trial.ends()


def _wait_for_a_filing(trial: Trial) -> None:
    """Wait until a client holds a number that it did not hold before."""
    before = _filed(trial)
    trial.hall.wait_until(
        lambda: _filed(trial) > before,
        within_s=trial.size.patience_s,
        what="something filed without the broker",
    )


def _filed(trial: Trial) -> int:
    return len(trial.load.journal.which("acknowledged"))
