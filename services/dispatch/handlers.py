"""The tasks that messages name, found by their name."""

from __future__ import annotations

from collections.abc import Sequence

from celery import current_app


def knows(task: str) -> bool:
    """Tell whether this process has such a task: an older one may not."""
    if task not in current_app.tasks:  # outside a worker nobody has loaded them
        current_app.autodiscover_tasks(force=True)
    return task in current_app.tasks


def run(task: str, keys: Sequence[str]) -> None:
    """Run a task in this process."""
    current_app.tasks[task].run(keys=list(keys))
