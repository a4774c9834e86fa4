"""A real broker, worker, beat and sequencer on the test's own databases."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from celery import current_app
from django.conf import settings
from django.db import connections

from onelicense.environment import celery_broker
from onelicense.stack import Stack

LOOK_S = 0.05


def until(condition: Callable[[], object], *, within_s: float = 60) -> None:
    """Wait for what a worker is to bring about, and fail when it does not."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not so after {within_s:.0f} s"
        time.sleep(LOOK_S)


@contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    """
    Run everything but the web server, and ring its bell from this process too.

    Departments answer at once (time scale 0).
    """
    with Stack(folder=folder, environment=environment()) as stack:
        stack.start()
        with _bell_at(stack.environment["REDIS_URL"]):
            yield stack


def environment() -> dict[str, str]:
    """Return what makes another process see the databases that this test sees."""
    inherited = {
        name: value for name, value in os.environ.items() if name != "REDIS_URL"
    }
    return inherited | {
        "DATABASE_URL": _url("default"),
        "DEPARTMENTS_DATABASE_URL": _url("departments"),
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "0",
        "ONELICENSE_DEMO": "1",
        "ONELICENSE_TIME_SCALE": "0",
        "ONELICENSE_UPLOAD_DIR": str(settings.UPLOAD_DIR),
        "ONELICENSE_LOG_KEY": str(settings.LOG_KEY),
        "ONELICENSE_WITNESS": str(settings.WITNESS),
    }


def _url(alias: str) -> str:
    values = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    user, password = (quote(values[part], safe="") for part in ("USER", "PASSWORD"))
    host = quote(values["HOST"], safe="") + (values["PORT"] and f":{values['PORT']}")
    return f"postgresql://{user}:{password}@{host}/{values['NAME']}"


@contextmanager
def _bell_at(redis_url: str) -> Iterator[None]:
    quiet = current_app.conf.broker_url
    _connect_to(celery_broker(redis_url))
    try:
        yield
    finally:
        _connect_to(quiet)


def _connect_to(broker: str) -> None:
    """Forget connections to another broker, as Celery itself does after a fork."""
    current_app.conf.broker_url = broker
    current_app._after_fork()
