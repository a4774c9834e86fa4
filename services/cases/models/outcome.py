"""What came out of a case: correction notice, commitments, decision, certificate."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.cases.models.case import Case


class Correction(models.Model):
    """The one notice that lists all the applicant must fix (一次性告知)."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, related_name="correction"
    )
    problems = models.JSONField(help_text="pointer, text, text_en of each")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=80)
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)


class Commitment(models.Model):
    """A promise in place of a proof or of a licence condition (告知承诺)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="commitments")
    material_code = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, help_text="proof or permit")
    text = models.TextField()
    signed_by = models.CharField(max_length=80)
    signed_at = models.DateTimeField()
    check_due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "material_code"], name="one_commitment_per_material"
            )
        ]


class Decision(models.Model):
    """Approved or refused, by whom, why, and what can be done against it."""

    class Kind(models.TextChoices):
        APPROVED = "approved", _("准予")
        REFUSED = "refused", _("不予")
        NOT_ACCEPTED = "not_accepted", _("不予受理")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="decision")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    office_name = models.CharField(max_length=120)
    decided_by = models.CharField(max_length=80)
    official = models.CharField(max_length=80, help_text="the responsible official")
    automatic = models.BooleanField(default=False)
    reasons = models.TextField()
    redress = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_decision_gives_reasons", condition=~Q(reasons="")
            )
        ]


class Certificate(models.Model):
    """The result (结果证照), kept by the office that issued it."""

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("撤销")
        CANCELLED = "cancelled", _("注销")

    number = models.CharField(max_length=80, primary_key=True)
    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, related_name="certificate"
    )
    material_code = models.CharField(max_length=8, help_text="M… or R001…")
    name = models.CharField(max_length=200)
    department = models.CharField(max_length=30)
    subject = models.CharField(max_length=230)
    holder = models.CharField(max_length=120)
    entity = models.CharField(max_length=18)
    attributes = models.JSONField(default=dict)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.VALID
    )
    deposited_at = models.DateTimeField(null=True, blank=True)
