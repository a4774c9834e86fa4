"""A case (办件) from draft to delivery, and where its number comes from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.catalogue.models import ItemVersion, Office
from services.registry.models import Entity


class NumberSeries(models.Model):
    """The last number given on a day (Asia/Shanghai)."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField()


class CaseNumber(models.Model):
    """A number, reserved before any effect; one that never got a case is voided."""

    number = models.CharField(max_length=24, primary_key=True)
    reserved_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_number_is_not_used_and_void",
                condition=Q(used_at__isnull=True) | Q(voided_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["reserved_at"],
                condition=Q(used_at__isnull=True, voided_at__isnull=True),
                name="number_without_case",
            )
        ]


class Case(models.Model):
    """One application of one entity for one item."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        RECEIVED = "received", _("已收件")
        CORRECTION = "correction", _("待补正")
        PARKED = "parked", _("待前置")
        ACCEPTED = "accepted", _("已受理")
        IN_REVIEW = "in_review", _("审批中")
        SPECIAL_PROCEDURE = "special_procedure", _("特别程序")
        APPROVED = "approved", _("准予许可")
        REFUSED = "refused", _("不予许可")
        AWAITING_PAYMENT = "awaiting_payment", _("待缴费")
        CERTIFIED = "certified", _("已制证")
        DELIVERED = "delivered", _("已送达")
        NOT_ACCEPTED = "not_accepted", _("不予受理")
        WITHDRAWN = "withdrawn", _("已撤回")
        TERMINATED = "terminated", _("已终止")
        TRANSFERRED = "transferred", _("已移送")

    reference = models.CharField(max_length=32, unique=True, help_text="of the draft")
    number = models.CharField(max_length=24, unique=True, null=True, blank=True)
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="cases")
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT)
    state = models.CharField(
        max_length=20, choices=State.choices, default=State.DRAFT, db_index=True
    )
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    authorised_at = models.DateTimeField(help_text="the company's authorisation (授权)")
    channel = models.CharField(max_length=12, default="online")
    # What the applicant said, and what register and departments said, apart.
    stated_answers = models.JSONField(default=dict)
    stated_fields = models.JSONField(default=dict)
    derived_answers = models.JSONField(default=dict)
    prefilled_fields = models.JSONField(default=dict)
    differences = models.JSONField(default=list, help_text="stated against evidence")
    filing_key = models.CharField(max_length=80, blank=True)
    filing_digest = models.CharField(max_length=64, blank=True)
    filed_in_silence = models.BooleanField(
        default=False, help_text="departments had not all answered: compare again"
    )
    instant = models.BooleanField(default=False)
    inspection = models.BooleanField(default=False)
    promised_days = models.PositiveIntegerField(default=0)
    statutory_unit = models.CharField(max_length=12, blank=True)
    statutory_value = models.PositiveIntegerField(default=0)
    stop_kind = models.CharField(max_length=20, blank=True)
    stop_reason = models.TextField(blank=True)
    waits_for = models.JSONField(
        default=list, help_text="materials a parked case needs"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    complete_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="filed, corrected or resumed: the timer's start",
    )
    accept_by = models.DateTimeField(null=True, blank=True, help_text="then deemed")
    accepted_at = models.DateTimeField(null=True, blank=True)
    deemed_accepted = models.BooleanField(default=False)
    promised_on = models.DateField(null=True, blank=True)
    statutory_on = models.DateField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_days = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(help_text="an unfiled draft is kept 30 days")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_filed_case_has_a_number",
                condition=Q(state="draft") | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="a_draft_has_no_number",
                condition=~Q(state="draft") | Q(number__isnull=True),
            ),
            models.CheckConstraint(
                name="nothing_is_decided_before_it_is_accepted",
                condition=~Q(
                    state__in=[
                        "approved",
                        "refused",
                        "awaiting_payment",
                        "certified",
                        "delivered",
                    ]
                )
                | Q(accepted_at__isnull=False, decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["entity", "item_version", "opened_by"],
                condition=Q(state="draft"),
                name="a_person_has_one_draft_for_an_item",
            ),
            models.UniqueConstraint(
                fields=["entity", "filing_digest"],
                condition=~Q(filing_digest="")
                & ~Q(
                    state__in=[
                        "refused",
                        "delivered",
                        "not_accepted",
                        "withdrawn",
                        "terminated",
                        "transferred",
                    ]
                ),
                name="the_same_content_is_open_once",
            ),
            models.UniqueConstraint(
                fields=["entity", "filing_key"],
                condition=~Q(filing_key=""),
                name="a_filing_key_makes_one_case",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state"], name="case_of_office"),
            models.Index(fields=["state", "accept_by"], name="case_accept_by"),
            models.Index(
                fields=["promised_on"],
                condition=Q(
                    promised_on__isnull=False,
                    decided_at__isnull=True,
                    ended_at__isnull=True,
                ),
                name="case_undecided",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.reference
