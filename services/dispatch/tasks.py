"""The doors through which workers come to the outbox."""

from __future__ import annotations

import os
import socket

from celery import shared_task
from django.utils import timezone

from services.dispatch.operations import catch_up as catching_up
from services.dispatch.operations import drain as draining
from services.dispatch.operations import tick as ticking


def _owner() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


@shared_task(name="dispatch.drain", ignore_result=True)
def drain() -> None:
    """Deliver what is due. Safe to ring for twice."""
    draining.drain(clock=timezone.now, owner=_owner())


@shared_task(name="dispatch.tick", ignore_result=True)
def tick() -> None:
    """Let time pass once. Safe under two beats."""
    ticking.tick(clock=timezone.now, owner=_owner())


@shared_task(name="dispatch.catch_up", ignore_result=True)
def catch_up() -> None:
    """Bring back what stands without a reason. Safe to deliver twice."""
    catching_up.catch_up(now=timezone.now())
