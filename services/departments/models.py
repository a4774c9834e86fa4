"""Other people's houses: what the simulated departments hold, in their own database."""

from __future__ import annotations

from django.db import models

from services.departments.faults import Mode


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

    Mode = Mode

    department = models.CharField(
        max_length=30, primary_key=True, help_text='"hub" is the data platform'
    )
    mode = models.CharField(
        max_length=20,
        choices=[(mode.value, mode.value) for mode in Mode],
        default=Mode.UP.value,
    )
    latency_ms = models.PositiveIntegerField(default=300)
    p99_ms = models.PositiveIntegerField(
        default=30_000, help_text="slow: of a hundred calls one takes longer"
    )
    defer_seconds = models.PositiveIntegerField(default=0)
    seed = models.PositiveIntegerField(default=0)
    switched_at = models.DateTimeField(null=True, blank=True)


class Deferral(models.Model):
    """A question that a department took in and will answer at a stated time."""

    request_id = models.CharField(max_length=40, primary_key=True)
    answer_at = models.DateTimeField()


class Call(models.Model):
    """One call that reached a department: its own journal. Append-only."""

    class Kind(models.TextChoices):
        QUESTION = "question"
        DEPOSIT = "deposit"

    department = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    seen = models.JSONField(help_text="of each: request id, effects, outcome")

    class Meta:
        indexes = [models.Index(fields=["department", "at"], name="journal")]


class HubCopy(models.Model):
    """What the data platform keeps of an answer that it passed on."""

    key = models.CharField(
        max_length=64, primary_key=True, help_text="digest of what was asked"
    )
    owner = models.CharField(max_length=200, help_text="whose record it would be")
    material = models.CharField(max_length=8)
    answer = models.JSONField()
    snapshot_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "hub copies"
        indexes = [models.Index(fields=["owner", "material"], name="copy_by_owner")]


class LateAnswer(models.Model):
    """An answer that comes after the call has timed out."""

    request_id = models.CharField(max_length=40, primary_key=True)
    department = models.CharField(max_length=30)
    answer = models.JSONField()
    due_at = models.DateTimeField()
    reply_to = models.CharField(max_length=300, blank=True)
    attempts_made = models.PositiveIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(handed_over_at__isnull=True),
                name="late_answers_to_come",
            )
        ]
