"""A web server that dies in mid-request, and clients that ask fifty times."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.faults.client import CUT
from tests.faults.trial import Trial

KILLS = 3
LOOK_S = 0.002
AT_MOST = 12  # kills, until one has met a request
IN_FLIGHT_S = 5.0
CONFLICT = 409
FIFTY = 50
STAYS_OPEN = "HZ-095"  # a person decides: once ended, the same may come again


def kill_web(trial: Trial) -> None:
    """F3: the web server dies with requests in its hands."""
    for kill in range(AT_MOST):
        trial.wait_a_while(0.1, 0.25)
        trial.hall.wait_until(
            trial.hall.stack.children["web"].ready,
            within_s=trial.size.patience_s,
            what="the web server came back",
        )
        _wait_for_a_request(trial)
        trial.hall.kill("web")
        trial.ends()
        if kill + 1 >= KILLS and (_cut_off(trial) or not trial.load.running):
            break
    trial.wait_for_clients()
    trial.note, met = _told(trial)
    if not met:
        trial.void = "no request was under way when the web server died"


def _wait_for_a_request(trial: Trial) -> None:
    """Wait for a moment in which a client waits for its answer."""
    end = time.monotonic() + IN_FLIGHT_S
    while time.monotonic() < end and trial.load.running:
        if any(map(_waits, trial.load.folder.glob(f"{trial.name}-*.journal"))):
            return
        time.sleep(LOOK_S)


def _waits(journal: Path) -> bool:
    """Tell whether the last that a client wrote down is that it asked."""
    last = journal.read_bytes().rstrip().rpartition(b"\n")[2]
    return b'"what": "asked"' in last


def _cut_off(trial: Trial) -> bool:
    """Tell whether a client knows already that its request was cut off."""
    heard = _own(trial, "heard")
    return any(each["status"] == CUT for each in heard)


def _told(trial: Trial) -> tuple[str, bool]:
    """Return what clients say of requests that were cut off, and if there were any."""
    answered = _own(trial, "acknowledged")
    cut = [each for each in answered if CUT in each["statuses"]]
    replayed = sum(each["replayed"] for each in cut)
    waited = sum(CONFLICT in each["statuses"] for each in cut)
    told = f"{len(cut)} filings cut off in mid-request and sent again with their key"
    return f"{told}: {replayed} replayed, {waited} first told to wait", bool(cut)


def _own(trial: Trial, what: str) -> list[dict[str, Any]]:
    """Return what the clients of this trial wrote down."""
    lines = trial.load.journal.which(what)
    return [each for each in lines if each["key"].startswith(f"{trial.name}-")]


def file_fifty_times(trial: Trial) -> None:
    """F10: fifty clients file the same at once, with one key, and with none."""
    keyed, *others = trial.hall.take(15)
    bare = next(one for one in others if one["body"]["item"] == STAYS_OPEN)
    trial.wait_a_while(0.2, 0.4)
    same = f"{trial.name}-same"
    trial.load.start_together([{**keyed, "key": same}] * FIFTY, name=same)
    trial.wait_a_while(0.2, 0.4)
    trial.load.start_together([{**bare, "key": ""}] * FIFTY, name=f"{trial.name}-bare")
    trial.ends()
