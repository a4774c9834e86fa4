"""Follow a case: what happened to it, and how its deadline comes about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from services.api.documented import documented
from services.api.opened import opened_case
from services.api.tokens import ActorRequest
from services.api.view import SignedInView
from services.cases.clock import ClockLine
from services.cases.models import Case
from services.cases.queries.deadline import days_left, promise_explained
from services.cases.transitions import ENDED
from services.ledger.queries import LogLine, entries_of_case
from services.ledger.words import event


class EventOutput(serializers.Serializer[LogLine]):
    at = serializers.DateTimeField()
    type = serializers.CharField(help_text="stable")
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    actor = serializers.CharField()
    actor_kind = serializers.ChoiceField(["human", "system"])
    actor_role = serializers.CharField()
    office = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    details = serializers.DictField(help_text="plain and few; depends on the type")

    def get_name(self, line: LogLine) -> str:
        return event(line.type)


class TimelineOutput(serializers.Serializer[Any]):
    results = EventOutput(many=True)


class DayOutput(serializers.Serializer[ClockLine]):
    day = serializers.DateField()
    kind = serializers.ChoiceField(
        ["working", "weekend", "holiday", "makeup", "paused"]
    )
    note = serializers.CharField(allow_blank=True, help_text="holiday, or why paused")
    counted = serializers.IntegerField(help_text="working days run by its end")
    provisional = serializers.BooleanField(
        help_text="the year's holidays are not announced yet"
    )


class DeadlineOutput(serializers.Serializer[Case]):
    number = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    accept_by = serializers.DateTimeField(
        allow_null=True, help_text="then it counts as accepted"
    )
    accepted_at = serializers.DateTimeField(allow_null=True)
    deemed_accepted = serializers.BooleanField()
    promised_days = serializers.IntegerField()
    promised_on = serializers.DateField(allow_null=True)
    statutory_unit = serializers.CharField(allow_blank=True)
    statutory_value = serializers.IntegerField()
    statutory_on = serializers.DateField(allow_null=True)
    paused_days = serializers.IntegerField(help_text="working days that did not count")
    decided_at = serializers.DateTimeField(allow_null=True)
    days_left = serializers.SerializerMethodField(
        help_text="working days; negative once past; null without a clock"
    )
    days = serializers.SerializerMethodField()

    @extend_schema_field(DayOutput(many=True))
    def get_days(self, case: Case) -> Sequence[object]:
        return [DayOutput(line).data for line in promise_explained(case)]

    def get_days_left(self, case: Case) -> int | None:
        ended = case.decided_at is not None or case.state in ENDED
        today = timezone.localdate()
        return days_left(case.promised_on, today=today, ended=ended)


class Timeline(SignedInView):
    """What happened to a case."""

    @documented("cases.timeline", None, {200: TimelineOutput}, errors=(401, 404))
    def get(self, request: ActorRequest, number: str) -> Response:
        """List all that the log says of a case, looks at it included, oldest first."""
        case = opened_case(request, number)
        found = {"results": entries_of_case(case.reference)}
        return Response(TimelineOutput(found).data)


class Deadline(SignedInView):
    """When a case must be decided."""

    @documented("cases.deadline", None, {200: DeadlineOutput}, errors=(401, 404))
    def get(self, request: ActorRequest, number: str) -> Response:
        """Explain a case's deadline day by day."""
        return Response(DeadlineOutput(opened_case(request, number)).data)
