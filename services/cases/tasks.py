"""Celery doors."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from services.cases.operations import advance as advancing
from services.cases.operations import begin as beginning
from services.cases.operations import certify, sweep


@shared_task(name="cases.begin", ignore_result=True)
def begin(*, keys: list[str]) -> None:
    """Carry cases on that were just filed. Safe to deliver twice."""
    beginning.begin(references=keys, now=timezone.now())


@shared_task(name="cases.advance", ignore_result=True)
def advance(*, keys: list[str]) -> None:
    """Carry cases on. Safe to deliver twice."""
    advancing.advance(references=keys, now=timezone.now())


@shared_task(name="cases.certificates_kept", ignore_result=True)
def certificates_kept(*, keys: list[str]) -> None:
    """Deliver what offices now keep. Safe to deliver twice."""
    certify.certificates_kept(numbers=keys, now=timezone.now())


@shared_task(name="cases.sweep", ignore_result=True)
def sweep_cases() -> None:
    """Do what time alone brings about. Safe to deliver twice."""
    sweep.sweep(now=timezone.now())
