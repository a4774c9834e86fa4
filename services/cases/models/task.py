"""What waits for a named person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.accounts.models import User
from services.cases.models.case import Case
from services.catalogue.models import Office


class Task(models.Model):
    """One thing that one person must do for a case."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("受理审查")
        CONFIRM = "confirm", _("确认申请人陈述")
        INSPECT = "inspect", _("现场勘验")
        DECIDE = "decide", _("作出决定")
        CORRECT = "correct", _("申请人补正")
        SUPPLY = "supply", _("补交容缺材料")
        PAY = "pay", _("申请人缴费")
        ASSIST = "assist", _("部门协查")
        HAND_OVER = "hand_over", _("出件送达")
        SAMPLE = "sample", _("事后抽查")
        SUPERVISE = "supervise", _("督办")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    about = models.CharField(max_length=120, blank=True, help_text="e.g. the question")
    text = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    assignee_name = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    result = models.CharField(max_length=20, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "about"],
                condition=Q(closed_at__isnull=True),
                name="one_open_task_of_a_kind_per_matter",
            ),
            models.CheckConstraint(
                name="a_task_has_a_name_on_it", condition=~Q(assignee_name="")
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "closed_at"], name="task_of_assignee"),
            models.Index(fields=["office", "closed_at"], name="task_of_office"),
            models.Index(
                fields=["kind", "due_on"],
                condition=Q(closed_at__isnull=True),
                name="task_open",
            ),
        ]
