"""A web server that dies in mid-request, and clients that ask fifty times."""

from __future__ import annotations

from tests.faults.trial import Trial

KILLS = 3
FIFTY = 50
STAYS_OPEN = "HZ-095"  # a person decides: once ended, the same may come again


def kill_web(trial: Trial) -> None:
    """F3: the web server dies with requests in its hands."""
    for _ in range(KILLS):
        trial.wait_a_while(0.1, 0.25)
        trial.hall.kill("web")
        trial.ends()


def file_fifty_times(trial: Trial) -> None:
    """F10: fifty clients file the same at once, with one key, and with none."""
    keyed, *others = trial.hall.take(15)
    bare = next(one for one in others if one["body"]["item"] == STAYS_OPEN)
    trial.wait_a_while(0.2, 0.4)
    trial.load.start_together([{**keyed, "key": "same"}] * FIFTY, name="same")
    trial.wait_a_while(0.2, 0.4)
    trial.load.start_together([{**bare, "key": ""}] * FIFTY, name="bare")
    trial.ends()
