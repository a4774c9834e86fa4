"""The rival: a plain Celery app whose chord of four tasks does nothing at all."""

from __future__ import annotations

import os

from celery import Celery, chord

SOCKET = os.environ.get("REDIS_URL", "").removeprefix("unix://")
ADDRESS = f"redis+socket://{SOCKET}?virtual_host=1"

app = Celery("rival", broker=ADDRESS, backend=ADDRESS, set_as_current=False)
app.conf.broker_connection_retry_on_startup = True


@app.task(name="rival.verify")
def verify() -> None:
    """Stand for one verification."""


@app.task(name="rival.decide")
def decide(_answers: list[None]) -> None:
    """Stand for the decision that waits for four."""


def send_chord() -> str:
    """Send one chord of four; return the id under which its end is stored."""
    waiting = chord((verify.s() for _ in range(4)), app=app)(decide.s())
    return str(waiting.id)
