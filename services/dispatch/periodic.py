"""Work that comes back by itself; apps register theirs in `AppConfig.ready`."""

from __future__ import annotations

from datetime import timedelta

_registered: dict[str, timedelta] = {}


def register_periodic(task: str, *, every_seconds: int) -> None:
    """Have a task without arguments run again and again."""
    _registered[task] = timedelta(seconds=every_seconds)


def periodic_work() -> dict[str, timedelta]:
    """Return what is registered, and how often it is due."""
    return dict(_registered)
