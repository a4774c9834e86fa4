"""What every worker does before a task: it takes the bell's mark away."""

from __future__ import annotations

from celery import Task, signals

from services.dispatch.operations.ring import hear


def prepare() -> None:
    """Have each task that a bell began say that the bell was heard."""
    signals.task_prerun.connect(_hear)


def _hear(
    *, task: Task[..., object], kwargs: dict[str, str], **_signal: object
) -> None:
    hear(task.name, kwargs)
