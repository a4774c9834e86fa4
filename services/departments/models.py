"""Other people's houses: what the simulated departments hold, in their own database."""

from __future__ import annotations

from django.db import models


class Record(models.Model):
    """Something a department holds: a certificate, a registration, a check's result."""

    class Status(models.TextChoices):
        VALID = "valid"
        REVOKED = "revoked"
        CANCELLED = "cancelled"

    department = models.CharField(max_length=30)
    material = models.CharField(max_length=8)
    number = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=200)
    entity = models.CharField(
        max_length=18,
        help_text="licence number of the entity it belongs to or concerns",
    )
    holder_name = models.CharField(max_length=120)
    attributes = models.JSONField(default=dict)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.VALID
    )
    deposited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["material", "number", "subject_kind", "subject_key"],
                name="a_number_is_given_once",
            )
        ]
        indexes = [
            models.Index(fields=["material", "entity"], name="record_by_entity"),
            models.Index(fields=["material", "subject_key"], name="record_by_subject"),
        ]


class Profile(models.Model):
    """How a department's system behaves at present."""

    class Mode(models.TextChoices):
        UP = "up"
        DOWN = "down"
        REFUSING = "refusing"
        DEFERRING = "deferring"
        GARBLING = "garbling"

    department = models.CharField(max_length=30, primary_key=True)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.UP)
    latency_ms = models.PositiveIntegerField(default=300)
    defer_seconds = models.PositiveIntegerField(default=0)
    switched_at = models.DateTimeField(null=True, blank=True)


class Deferral(models.Model):
    """A question that a department took in and will answer at a stated time."""

    request_id = models.CharField(max_length=40, primary_key=True)
    answer_at = models.DateTimeField()
