"""What a company asks about an access to its data (数据足迹)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from services.accounts.models import User
from services.catalogue.models import Office
from services.registry.models import Entity


class AccessQuestion(models.Model):
    """A question about one log entry; the office answers in working days."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT)
    entry_id = models.BigIntegerField(help_text="the access, in the log")
    text = models.TextField()
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    office = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="blank: the hall",
    )
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    assignee_name = models.CharField(max_length=120)
    supervised_at = models.DateTimeField(
        null=True, blank=True, help_text="when it went to the head clerk, being late"
    )
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "entry_id"],
                condition=Q(answered_at__isnull=True),
                name="one_open_question_per_access",
            ),
            models.CheckConstraint(
                name="an_answer_has_words_and_a_name",
                condition=Q(answered_at__isnull=True, answer="", answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answered_by="")),
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "entry_id"], name="question_of_access"),
            models.Index(
                fields=["due_on"],
                condition=Q(answered_at__isnull=True),
                name="question_open",
            ),
        ]
