"""The power goes out: everything dies at once, and what is on disk is all there is."""

from __future__ import annotations

from tests.faults.database import NAMES
from tests.faults.files import Files
from tests.faults.trial import Trial

ADDRESSES = ("DATABASE_URL", "DEPARTMENTS_DATABASE_URL")


def cut_power(trial: Trial) -> None:
    """F18: kill everything, copy the files, and open the copy."""
    hall = trial.hall
    files = hall.database
    assert isinstance(files, Files)
    trial.wait_a_while(0.4, 0.7)
    for child in hall.stack.children.values():
        child.kill()
    files.move()
    for address, name in zip(ADDRESSES, NAMES, strict=True):
        hall.stack.environment[address] = files.url(name)
    trial.ends()
