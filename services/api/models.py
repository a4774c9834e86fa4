"""What was asked under an `Idempotency-Key`, and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class IdempotencyKey(models.Model):
    """
    One request that may be repeated: claimed while it is worked on, then answered.

    A claim that its process did not live to answer ends at `locked_until`.
    """

    actor = models.CharField(max_length=180, help_text="whose key it is")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="of method, path and body")
    locked_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "key"], name="a_key_of_a_person_is_one_request"
            ),
            models.CheckConstraint(
                name="only_an_answer_that_stands_is_replayed",
                condition=Q(status__isnull=True) | Q(status__gte=200, status__lt=500),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.key}"
