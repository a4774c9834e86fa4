"""Celery doors of this app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from services.exchange.operations import deposit, serve


@shared_task(name="exchange.serve_department", acks_late=True, ignore_result=True)
def serve_department(*, code: str) -> None:
    """Ask one department everything that waits for it. Safe to deliver twice."""
    serve.serve_department(code=code, clock=timezone.now)


@shared_task(name="exchange.deposit", acks_late=True, ignore_result=True)
def deliver_deposits(*, keys: list[str]) -> None:
    """Take certificates to the offices that keep them. Safe to deliver twice."""
    deposit.deliver_deposits(numbers=keys, clock=timezone.now)


@shared_task(name="exchange.sweep", ignore_result=True)
def sweep() -> None:
    """Ring for departments whose questions are due or whose worker died."""
    serve.sweep(now=timezone.now())
