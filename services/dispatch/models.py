"""Durable work: the database is the truth, Celery only the doorbell."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Which messages are where."""

    def parked(self) -> OutboxQuerySet:
        return self.filter(parked_at__isnull=False)

    def live(self) -> OutboxQuerySet:
        return self.filter(parked_at__isnull=True)

    def due(self, now: datetime) -> OutboxQuerySet:
        """Return what may be claimed: its time has come and nobody holds it."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.live().filter(free, available_at__lte=now)


class OutboxMessage(models.Model):
    """One thing to do: a task's name and the key it is to be done for."""

    task = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    fence = models.BigIntegerField(default=0)
    parked_at = models.DateTimeField(null=True, blank=True)
    parked_reason = models.TextField(blank=True, help_text="or why the last try failed")

    objects = OutboxQuerySet.as_manager()

    class Meta:
        # What nobody has claimed yet can say it all: who is told twice comes once.
        constraints = [
            models.UniqueConstraint(
                fields=["task", "key"], condition=Q(fence=0), name="outbox_unclaimed"
            )
        ]
        indexes = [
            models.Index(
                fields=["attempts", "available_at", "id"],
                condition=Q(parked_at__isnull=True),
                name="outbox_due",
            ),
            models.Index(
                fields=["parked_at"],
                condition=Q(parked_at__isnull=False),
                name="outbox_parked",
            ),
        ]


class PeriodicWork(models.Model):
    """When a piece of periodic work is next due; moved by compare-and-set."""

    task = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
