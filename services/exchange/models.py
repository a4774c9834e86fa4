"""Asking departments: what we want to know, each attempt, and what we were shown."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.departments.gateways.contract import CODES
from services.exchange import breaker

OUTCOME_MATCHES_CODE = Q(outcome="", code="") | Q(
    *[Q(outcome=outcome, code__in=codes) for outcome, codes in CODES.items()],
    _connector=Q.OR,
)
OPEN = Q(closed_at__isnull=True)  # of requests and incidents


def new_public_id() -> str:
    return uuid.uuid4().hex


class Evidence(models.Model):
    """An immutable answer of a department about one subject; a refresh is a new row."""

    department = models.CharField(max_length=30)
    material = models.CharField(max_length=8)
    subject = models.CharField(max_length=230, help_text="kind:key")
    entity = models.CharField(max_length=18)
    records = models.JSONField(help_text="number, holder, dates and attributes of each")
    under_former_name = models.BooleanField(default=False)
    obtained_at = models.DateTimeField()
    snapshot_at = models.DateTimeField(null=True, blank=True)
    fresh_until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "evidence"
        indexes = [
            models.Index(
                fields=["entity", "material", "subject", "fresh_until"],
                name="evidence_for_reuse",
            )
        ]


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    """Questions to the exchanges as a whole."""

    def open(self) -> ExchangeQuerySet:
        """Keep what nobody has answered or cancelled yet."""
        # As the partial index has it: SQLite matches no list of parameters to it.
        return self.filter(settled_at__isnull=True)


class Exchange(models.Model):
    """One request for evidence to one department, for one draft or case."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待答复")
        SETTLED = "settled", _("已答复")
        ASSISTED = "assisted", _("部门协查中")
        CANCELLED = "cancelled", _("已取消")

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    case = models.CharField(max_length=40, help_text="reference of the draft or case")
    department = models.CharField(max_length=30)
    material = models.CharField(max_length=8)
    subject = models.CharField(max_length=230, help_text="kind:key")
    entity = models.CharField(max_length=18)
    holder_name = models.CharField(max_length=120)
    former_names = models.JSONField(default=list)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    state = models.CharField(
        max_length=12, choices=State.choices, default=State.WAITING
    )
    outcome = models.CharField(max_length=12, blank=True)
    code = models.CharField(max_length=24, blank=True)
    via = models.CharField(
        max_length=30, blank=True, default="", db_default="", help_text="hub, or nobody"
    )
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT
    )
    reused = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True, help_text="last attempt")
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="answered or cancelled"
    )
    next_attempt_at = models.DateTimeField()
    deadline_at = models.DateTimeField(
        help_text="then a person of the department looks"
    )
    attempts_made = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    fence = models.BigIntegerField(default=0)
    reply_task = models.CharField(max_length=80)
    reply_key = models.CharField(max_length=120)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "material", "subject"],
                condition=~Q(state="cancelled"),
                name="a_case_asks_a_thing_once",
            ),
            models.CheckConstraint(
                name="an_outcome_has_one_of_its_own_codes",
                condition=OUTCOME_MATCHES_CODE,
            ),
            models.CheckConstraint(
                name="found_means_there_is_evidence",
                condition=~Q(state="settled", outcome="FOUND")
                | Q(evidence__isnull=False),
            ),
            models.CheckConstraint(
                name="an_open_exchange_is_waiting_or_assisted",
                condition=Q(settled_at__isnull=True, state__in=["waiting", "assisted"])
                | Q(settled_at__isnull=False, state__in=["settled", "cancelled"]),
            ),
            models.CheckConstraint(
                name="settled_means_somebody_answered",
                condition=~Q(state="settled") | Q(outcome__in=["FOUND", "NOT_FOUND"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "next_attempt_at"],
                condition=Q(settled_at__isnull=True),
                name="exchange_open",
            ),
            models.Index(fields=["case"], name="exchange_of_case"),
        ]


class Attempt(models.Model):
    """One time we asked: when, how long, which outcome. Append-only."""

    exchange = models.ForeignKey(
        Exchange, on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    code = models.CharField(max_length=24, blank=True)
    via = models.CharField(
        max_length=30, blank=True, default="", db_default="", help_text="hub, or nobody"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "number"], name="attempts_are_numbered"
            ),
            models.CheckConstraint(
                name="time_runs_forward", condition=Q(finished_at__gte=F("started_at"))
            ),
        ]


class AssistRequest(models.Model):
    """A work item for a department's officer when its system cannot answer."""

    class Kind(models.TextChoices):
        OUTAGE = "outage", _("部门协查")
        DISPUTE = "dispute", _("数据异议")
        RECHECK = "recheck", _("数据校核")

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    department = models.CharField(max_length=30)
    stated_number = models.CharField(max_length=80, blank=True)
    stated_issuer = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    finding = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "kind"],
                condition=OPEN,
                name="one_open_request_of_a_kind_per_exchange",
            )
        ]
        indexes = [models.Index(fields=["due_on"], condition=OPEN, name="assist_open")]


class Incident(models.Model):
    """Something that operations must look at; never a burden on the applicant."""

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    text = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    closed_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about"],
                condition=OPEN,
                name="one_open_incident_of_a_kind_per_thing",
            )
        ]


class Breaker(models.Model):
    """How the line to a department, or to the hub, stands; none: never a fault."""

    class State(models.TextChoices):
        CLOSED = breaker.CLOSED, _("畅通")
        OPEN = breaker.OPEN, _("已断开")
        HALF_OPEN = breaker.HALF_OPEN, _("试探中")

    line = models.CharField(max_length=30, primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CLOSED)
    failures = models.PositiveIntegerField(default=0, help_text="calls in a row")
    opened_at = models.DateTimeField(null=True, blank=True)
    probe_at = models.DateTimeField(
        null=True, blank=True, help_text="half open: when the probe counts as lost"
    )
    last_code = models.CharField(max_length=24, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_line_that_is_not_closed_is_probed_at_a_time",
                condition=Q(state="closed", opened_at__isnull=True)
                | Q(opened_at__isnull=False, probe_at__isnull=False),
            )
        ]

    def standing(self) -> breaker.Line:
        """Return what the rules look at."""
        return breaker.Line(self.state, self.failures, self.opened_at, self.probe_at)


class Call(models.Model):
    """One of the few places at a department, taken until the call is over."""

    department = models.CharField(max_length=30)
    place = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=80)
    leased_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "place"], name="a_place_is_taken_once"
            )
        ]


class DepositOrder(models.Model):
    """A certificate on its way to the office that keeps it."""

    number = models.CharField(max_length=80, primary_key=True)
    department = models.CharField(max_length=30)
    material = models.CharField(max_length=8)
    entity = models.CharField(max_length=18)
    case = models.CharField(max_length=40, blank=True, help_text="where it was decided")
    payload = models.JSONField(
        help_text="per subject: holder, dates, attributes, what it replaces"
    )
    ordered_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    attempts_made = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(
        null=True, blank=True, help_text="while somebody is on the way: when to wonder"
    )
    reply_task = models.CharField(max_length=80, blank=True)
    reply_key = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["entity", "material", "kept_at"], name="deposit_of_entity"
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(kept_at__isnull=True),
                name="deposit_waiting",
            ),
        ]
