"""A clock that jumps, and beats that are two or none."""

from __future__ import annotations

from tests.faults.trial import Trial

HOUR_S, DAY_S = 3600.0, 86400.0
JUMPS_S = (HOUR_S, -HOUR_S, DAY_S, -DAY_S, -HOUR_S, HOUR_S)


def jump(trial: Trial) -> None:
    """F9: the clock goes an hour and a day on and back, and back and on."""
    for seconds in JUMPS_S:
        trial.wait_a_while(0.06, 0.12)
        trial.hall.clock.move(seconds)
    trial.ends()


def beat_twice_then_never(trial: Trial) -> None:
    """F15: two beats at once, and then none for a while."""
    stack = trial.hall.stack
    stack.launch_beat("beat_2")
    trial.wait_a_while(0.3, 0.5)
    stack.children.pop("beat_2").kill()
    trial.hall.hold("beat")
    trial.wait_a_while(0.3, 0.4)
    trial.hall.release("beat")
    trial.ends()
