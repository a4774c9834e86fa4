"""A broker that dies, forgets, or stays away."""

from __future__ import annotations

import shutil

from tests.faults.trial import Trial

AWAY = 0.6  # of the load's time


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
    """F6: the broker is away for long; filing works meanwhile."""
    trial.wait_a_while(0.1, 0.2)
    trial.hall.hold("broker")
    before = len(trial.load.journal.which("acknowledged"))
    trial.wait_a_while(AWAY, AWAY)
    filed = len(trial.load.journal.which("acknowledged")) - before
    trial.hall.release("broker")
    trial.ends()
    trial.expect(filed, "nothing was filed while the broker was away")
