"""Celery doors."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from services.api.operations import claim


@shared_task(name="api.forget_keys", ignore_result=True)
def forget_keys() -> None:
    """Forget idempotency keys that are a day old. Safe to deliver twice."""
    claim.forget_keys(now=timezone.now())
