"""What a case must show, and the applicant's own papers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.cases.models.case import Case
from services.exchange.models import Evidence


class Requirement(models.Model):
    """One thing to be shown: satisfied by any one of its members (要件)."""

    class State(models.TextChoices):
        UNSETTLED = "unsettled", _("核验中")
        SATISFIED = "satisfied", _("已取得")
        MISSING = "missing", _("未取得")
        WAITING = "waiting", _("待人工处理")

    class Means(models.TextChoices):
        EVIDENCE = "evidence", _("数据共享")
        UPLOAD = "upload", _("申请人自备")
        FORM = "form", _("在线填报")
        COMMITMENT = "commitment", _("告知承诺")
        DEFERRED = "deferred", _("容缺后补")

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="requirements"
    )
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=250)
    subject = models.CharField(max_length=230, help_text="kind:key")
    members = models.JSONField(help_text="planned members in the order they are tried")
    key = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.UNSETTLED
    )
    means = models.CharField(max_length=12, choices=Means.choices, blank=True)
    satisfied_by = models.CharField(max_length=8, blank=True, help_text="material")
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT
    )
    ladder = models.JSONField(default=list, help_text="rungs offered while missing")
    due_on = models.DateField(null=True, blank=True, help_text="容缺: to be shown by")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "position"], name="requirements_are_numbered"
            ),
            models.CheckConstraint(
                name="satisfied_means_something_was_shown",
                condition=~Q(state="satisfied")
                | (~Q(means="") & (~Q(means="evidence") | Q(evidence__isnull=False))),
            ),
        ]


class Upload(models.Model):
    """A paper of the applicant's own. The database refuses a government-issued one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="uploads")
    material_code = models.CharField(max_length=8)
    file_name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    demo_value = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "material_code", "sha256"],
                name="the_same_paper_is_stored_once",
            )
        ]
