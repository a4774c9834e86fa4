"""People: staff with roles in offices, applicants with mandates for entities."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.catalogue.models import Office
from services.registry.models import Entity


class User(AbstractUser):
    """A person who signs in."""

    display_name = models.CharField(max_length=60)
    title = models.CharField(max_length=60, blank=True)
    id_number = models.CharField(max_length=18, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username


class Role(models.TextChoices):
    """What a member of staff may do; `services.accounts.permissions` says what."""

    WINDOW_CLERK = "window_clerk", _("综合窗口")
    REVIEWER = "reviewer", _("审批人员")
    INSPECTOR = "inspector", _("勘验人员")
    HEAD_CLERK = "head_clerk", _("首席代表")
    ISSUING_CLERK = "issuing_clerk", _("统一出件")
    AUDITOR = "auditor", _("审计人员")
    PLANNER = "planner", _("规划人员")
    OPERATOR = "operator", _("运维人员")


class Membership(models.Model):
    """A role that a person holds, in one office or (blank) in the whole hall."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "office"],
                name="a_person_holds_a_role_in_an_office_once",
            )
        ]


class Mandate(models.Model):
    """That a person may act for an entity (proved at sign-in)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mandates")
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE)
    proved_by = models.CharField(max_length=40)
    proved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "entity"], name="one_mandate_per_person_and_entity"
            )
        ]


class SignInCode(models.Model):
    """A code sent to the phone on the register; kept only as a keyed hash."""

    handle = models.CharField(max_length=32, unique=True)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["entity", "sent_at"], name="codes_of_entity")]
        constraints = [
            models.CheckConstraint(
                name="a_code_is_tried_at_most_five_times",
                condition=models.Q(tries__lte=5),
            )
        ]
