"""The business register: who exists, under which name, where, and in what state."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entity(models.Model):
    """A company, sole trader, cooperative or branch (经营主体)."""

    class Type(models.TextChoices):
        COMPANY = "company", _("企业")
        SOLE_TRADER = "sole_trader", _("个体工商户")
        COOPERATIVE = "cooperative", _("农民专业合作社")
        BRANCH = "branch", _("分支机构")

    class Status(models.TextChoices):
        ACTIVE = "active", _("存续")
        SUSPENDED = "suspended", _("歇业")
        REVOKED = "revoked", _("吊销")
        DEREGISTERED = "deregistered", _("注销")
        MOVED_AWAY = "moved_away", _("迁出")
        ABNORMAL = "abnormal", _("异常名录")

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    legal_name = models.CharField(max_length=120)
    former_names = models.JSONField(default=list, blank=True)
    type = models.CharField(max_length=20, choices=Type.choices)
    type_name = models.CharField(max_length=80, help_text="as on the licence")
    status = models.CharField(
        max_length=20, choices=Status.choices, default=Status.ACTIVE
    )
    status_since = models.DateField(null=True, blank=True)
    registered_district = models.CharField(max_length=6, help_text="may be abolished")
    district = models.CharField(max_length=6, help_text="today's code of the place")
    district_name = models.CharField(max_length=40, blank=True)
    legal_representative = models.CharField(max_length=60)
    representative_id = models.CharField(max_length=18)
    registered_address = models.CharField(max_length=200)
    place_of_business = models.CharField(max_length=200)
    business_scope = models.TextField()
    industry = models.CharField(max_length=1, help_text="GB/T 4754 section")
    registered_capital = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="万元"
    )
    established_on = models.DateField()
    changed_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "entities"

    def __str__(self) -> str:
        return f"{self.legal_name} {self.uscc}"


class Seeding(models.Model):
    """How the synthetic city was made: the same numbers give the same bytes."""

    companies = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    as_of = models.DateField()
    made_for = models.JSONField(
        default=dict, help_text="item code -> licence number of a company fit for it"
    )
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="there_is_one_city", condition=models.Q(only=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.companies} companies, seed {self.seed}, {self.as_of}"
