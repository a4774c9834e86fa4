"""Celery doors of this app: they hand over and return, and wait for no department."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from services.exchange.bulkhead import hand_over
from services.exchange.operations import agree, deposit, serve
from services.exchange.operations import sweep as sweeping


@shared_task(name="exchange.serve_department", acks_late=True, ignore_result=True)
def serve_department(*, code: str) -> None:
    """Have a department asked everything that waits for it. Safe to deliver twice."""
    hand_over(
        code,
        lambda manners: serve.serve_department(
            code=code, clock=timezone.now, manners=manners
        ),
    )


@shared_task(name="exchange.deposit", acks_late=True, ignore_result=True)
def deliver_deposits(*, keys: list[str]) -> None:
    """Take certificates to the offices that keep them. Safe to deliver twice."""
    deposit.hand_over_deposits(numbers=keys, clock=timezone.now)


@shared_task(name="exchange.sweep", ignore_result=True)
def sweep() -> None:
    """Find what nobody thought of, and ring for departments with due questions."""
    sweeping.sweep(now=timezone.now())


@shared_task(name="exchange.look_at_agreement", ignore_result=True)
def look_at_agreement() -> None:
    """Look whether the departments' service contradicts us since we started."""
    agree.look_at_agreement(now=timezone.now())
